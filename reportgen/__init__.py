"""reportgen: from a clinical workbook to an outcome report that can be read, defended and traced."""

__version__ = "0.2.0"
