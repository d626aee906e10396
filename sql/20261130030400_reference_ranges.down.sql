drop table reference_ranges, panel_analytes, analytes;
