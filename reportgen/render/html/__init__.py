"""A Report as one self-contained page."""
