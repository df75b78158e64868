"""What each process of ours does before it loads a library, so that loading and waiting cost less."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

# Objects that are made before those are looked for that can be thrown away. One report makes fewer, and its
# process ends with it; where many are made in one process, pool.sweeping looks instead.
RARELY = (700_000, 50, 100)


def reopen() -> None:
    """Put an empty device where a standard stream is closed: else the first file that is opened would take its
    number, and what is said would be written into it."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)  # the lowest free number, which is this one
        if getattr(sys, name) is None:
            with suppress(OSError):
                setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def spare() -> None:
    """Look rarely for what can be thrown away, as almost all that is made lives to the end; and multiply on
    one processor, unless the environment says otherwise: no matrix here is worth a thread for each."""
    gc.set_threshold(*RARELY)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
