"""The page as a PDF that is archival and accessible at once; weasyprint is at home here."""
