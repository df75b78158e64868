"""Bytes and names of files → a folder that is whole or not at all; what a run leaves in it."""
