drop table order_proposal_moves, order_proposals;
