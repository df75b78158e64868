"""What leaves the house: ids, dates and small numbers are taken away here, between the Cohort and all that is printed."""
