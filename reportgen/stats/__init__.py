"""Arrays and counts in, Estimate and Curve out: no patients, no words, no rounding, no drawing."""
