"""A Cohort and the estimators: the analyses that chapters share. Estimates and Curves out; no words, no rounding."""
