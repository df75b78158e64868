"""Numbers to what a reader sees: the only rounding, words, tables and figures. No patient comes here."""
