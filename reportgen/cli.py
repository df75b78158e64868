"""Where the program begins, and how it ends."""

from typing import NoReturn

from reportgen.thrift import spare


def main() -> NoReturn:
    """Run the command line; every end becomes its exit status and a message that says what to do."""
    spare()
    from reportgen.commands.app import app
    from reportgen.ending import leave, run

    leave(run(app))
