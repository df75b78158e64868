"""Where the program begins, and how it ends."""

import atexit
import sys
from typing import NoReturn

from reportgen.base.startup import reopen, spare


def main() -> NoReturn:
    """Run the command line; every end becomes its exit status and a message that says what to do."""
    reopen()
    spare()
    from reportgen.base.exits import Leaving, run

    leaving = Leaving()
    atexit.register(leaving.at_last)
    from reportgen.cli.app import app

    status = leaving.status = run(app)
    sys.exit(status)
