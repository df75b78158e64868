"""What the patients are: reading, cleaning, checking and endpoints. Nothing statistical."""
