"""What is wrong or doubtful in the data: one short function per rule, each finding an Issue with its cell."""
