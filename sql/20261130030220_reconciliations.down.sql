drop table reconciliation_lines, reconciliations;
