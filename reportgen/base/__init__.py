"""What every room may use: kinds of trouble, exits, signals, progress, colours."""
