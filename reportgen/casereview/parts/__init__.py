"""The parts of a case review, one file each, in printed order."""
