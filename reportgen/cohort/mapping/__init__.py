"""What is what: which sheet is which table, which column is which, and the vocabulary that says so."""
