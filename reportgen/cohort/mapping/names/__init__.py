"""What a header may be: by name, by the word lists beside this file, or by likeness, which is only ever proposed."""

from reportgen.cohort.mapping.names.takes import Candidate, takes_of

__all__ = ["Candidate", "takes_of"]
