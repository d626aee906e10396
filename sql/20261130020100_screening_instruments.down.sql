drop table screening_instruments;
