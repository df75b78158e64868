"""The rules of the endpoints, and what they make of the dates of each patient."""
