"""What leaves the house: ids, dates and small numbers go here, between the Cohort and all that is printed."""
