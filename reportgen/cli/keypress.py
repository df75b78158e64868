"""One key at a terminal, without Enter behind it; a line where the input is none, or on Windows."""

from __future__ import annotations

import os
import sys

ENTER = ("\n", "\r")
# Who types Enter behind a key means that key, and not the proposal of the next question.
BEHIND = 0.05


def one_key() -> str:
    """The key that was pressed, "" for Enter alone, in small letters. Raises EOFError at the end of the input."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip().casefold()
    return _pressed(sys.stdin.fileno())


def _pressed(terminal: int) -> str:
    import select
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSANOW)
        key = os.read(terminal, 1).decode("utf-8", "replace")
        if key in ("", "\x04"):
            raise EOFError
        if key in ENTER:
            return ""
        if select.select([terminal], [], [], BEHIND)[0]:
            os.read(terminal, 1)
        return key.casefold()
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)
