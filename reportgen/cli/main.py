"""Where the program begins, and how it ends."""

from typing import NoReturn

from reportgen.base.startup import reopen, spare


def main() -> NoReturn:
    """Run the command line; every end becomes its exit status and a message that says what to do."""
    reopen()
    spare()
    from reportgen.base.exits import leave, run
    from reportgen.cli.app import app

    leave(run(app))
