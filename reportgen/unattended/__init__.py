"""Runs that nobody watches: how the last one ended, missed months, the timer, and who is told. No patients."""
