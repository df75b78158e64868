"""What everything in a strange source may be: proposals, each with a reason, and the lines of settings that say so."""
