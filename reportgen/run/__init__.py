"""The program on one screen: read → check → derive → protect → analyse → compose → render → publish."""
