"""Sentences, tables and figures that several chapters share; no chapter of its own."""
