"""What many tests share: the command line in an empty folder, and Hypothesis without deadlines."""

import os
import sys

# Before numpy is loaded: the tests are shared out over the cores already, and threads of BLAS that
# wait for a core that another process has take twice as long as one thread alone.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from benchmark import cli

# A busy machine is no failure.
settings.register_profile("fieldmark", deadline=None)
settings.load_profile("fieldmark")

LONGEST = (
    "test_muc4.py",
    "test_engine.py",
    "test_jobs.py",
    "test_properties.py",
    "test_bad_input.py",
    "test_perturbation.py",
    "test_outcomes.py",
    "test_resume.py",
    "test_dask.py",
    "test_packaging.py",
    "test_chunk.py",
    "test_rules_reports.py",
    "test_cli.py",
)
"""Files that take longest, by falling time. A process takes a file at a time: they are begun first,
so that none is left at the end for one process while the others have nothing to do."""
ESCAPES = ("\x1b", "\x07", "\x9b", "\u202e", "\r", "\x00")


def pytest_collection_modifyitems(items):
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))


@pytest.fixture
def fieldmark(monkeypatch, capfd, tmp_path):
    """Runs a command line in an empty folder -> (exit status, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FIELDMARK_TEXTS", raising=False)

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["fieldmark", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capfd.readouterr()
        assert not any(sign in out + err for sign in ESCAPES)
        return end.value.code or 0, out, err

    return call


@pytest.fixture
def fresh_imports(monkeypatch, tmp_path):
    """What a test imports from its own folder is forgotten after it."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if str(tmp_path) in repr(getattr(sys.modules[name], "__spec__", None)):
            del sys.modules[name]
