drop table problem_moves;
drop table problems;
