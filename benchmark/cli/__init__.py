"""The command line: arguments in, printing and exit codes out."""

from __future__ import annotations

import os
import sys

from benchmark.errors import FieldmarkError


def main() -> None:
    """Run `fieldmark`. Exit status: 0 done, 1 a gate failed, 2 wrong input or arguments."""
    from benchmark.cli.app import app
    from benchmark.cli.console import complain

    try:
        app()
    except FieldmarkError as error:
        complain(str(error))
        sys.exit(2)
    except BrokenPipeError:
        # The reader has gone (`fieldmark ... | head`): no message, and none from Python at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
