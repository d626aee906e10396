drop table renal_rules, pregnancy_rules, dose_rules, duplicate_therapies, drug_interactions, allergy_cross_reactions, drug_groups, drugs, formulary_release_moves, formulary_releases;
