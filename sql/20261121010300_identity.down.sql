drop table login_delays;
drop table sessions;
drop table users;
