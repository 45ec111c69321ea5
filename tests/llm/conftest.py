"""One server of chat completions for all tests, with nothing planned and nothing seen."""

import pytest
from server import Server


@pytest.fixture(scope="session")
def server_process():
    with Server() as server:
        yield server


@pytest.fixture
def server(server_process):
    server_process.clear()
    return server_process
