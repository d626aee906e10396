drop table problem_suggestion_moves;
drop table problem_suggestions;
