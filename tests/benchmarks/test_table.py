"""The table of speeds can be made: each row and stage is there."""

import stages
import table


def _cells(printed: str) -> list[list[str]]:
    """The rows of all tables."""
    rows = (line for line in printed.splitlines() if line.startswith("| "))
    return [[field_value.strip() for field_value in row.strip("|").split("|")] for row in rows]


def test_table(capsys, monkeypatch):
    monkeypatch.setattr(table, "FROM_SHELL", 1)
    monkeypatch.setattr(stages, "CALLS", 2)
    table.main(["--documents", "20", "--repeat", "1", "--own"])
    rows = _cells(capsys.readouterr().out)
    sizes = [tuple(row[:3]) for row in rows if row[0] in ("flat", "sitrep")]
    flat = [("flat", str(documents), "12") for documents in (2, 5, 10, 20)]
    assert sizes == [*flat, ("flat", "1", "300"), ("sitrep", "2", "12")]
    assert [row[1].split()[1] for row in rows if "median of" in row[0]] == ["ms", "s"]
    timed = {row[0].removeprefix("– ").removeprefix("– ") for row in rows if row[2:]}
    assert timed >= {name for name, _, _ in stages.STAGES} - {"ties"} | {"all else", "the whole"}
