drop table screening_demand_moves, screening_demands, screening_results, screening_moves, screenings;
