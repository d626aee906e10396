drop table risk_moves;
drop table risk_states;
