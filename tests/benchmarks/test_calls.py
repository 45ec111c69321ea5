"""The table of calls can be made: each stack asks, and gets all answers."""

import calls


def test_calls(capsys, monkeypatch):
    monkeypatch.setattr(calls, "CONCURRENCY", (8,))
    calls.main(["--calls", "20"])
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0].strip("| ") for row in rows] == list(calls.STACKS)
    assert all(row[2] == "20" for row in rows)
