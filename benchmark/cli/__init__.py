"""The command line: arguments in, printing and exit codes out."""

from __future__ import annotations

import sys

from benchmark.errors import FieldmarkError


def main() -> None:
    """Run `fieldmark`. Exit status: 0 done, 1 a check failed, 2 wrong input or arguments."""
    from benchmark.cli.app import app
    from benchmark.cli.console import complain

    for stream in (sys.stdout, sys.stderr):  # a name may hold what the terminal can't encode
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except FieldmarkError as error:
        complain(str(error))
    except RecursionError:
        complain("the input is nested too deeply")
    except OSError as error:
        complain(f"{error.filename or 'output'}: {error.strerror or error}")
    sys.exit(2)
