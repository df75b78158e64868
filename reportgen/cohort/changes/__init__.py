"""What differs between today's cohort and that of the report before: corrections, new events, follow-up."""
