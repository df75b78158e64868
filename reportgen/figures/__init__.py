"""Figures: counts and curves in, a Drawing out: marks that each medium's writer walks."""
