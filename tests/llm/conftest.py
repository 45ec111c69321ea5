"""One server of chat completions for all tests, with nothing planned and nothing seen."""

import sys

import pytest
from server import Server

if sys.platform == "win32":  # no forks, no signals
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def server_process():
    with Server() as server:
        yield server


@pytest.fixture
def server(server_process):
    server_process.clear()
    return server_process


@pytest.fixture
def runs(server, tmp_path):
    from client import Runs

    found = Runs(tmp_path, server.url)
    yield found
    found.close()
