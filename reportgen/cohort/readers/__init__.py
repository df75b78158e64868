"""One file per kind of source: a path in, a RawWorkbook out."""
