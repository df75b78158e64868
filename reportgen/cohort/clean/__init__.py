"""Raw cells → canonical columns: dates, numbers, words; each doubtful cell an Issue with its address."""
