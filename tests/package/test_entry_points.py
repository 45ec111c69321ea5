"""Comparators of an installed package: what the command line does with a good and a broken one.

The package is a module and its metadata in a folder on the path, which is all that installing one
amounts to. tests/test_comparators.py has the same in process, with entry points made up.
"""

import json
import os
import subprocess
import sys

import pytest
from support.tasks import STRING, compared, obj, table, write_lines

from benchmark.schema.comparators import ENTRY_POINTS

CODE = '''
"""Units of length: "1 km" is "1000 m"."""

from benchmark import Comparator, Grade

METRES = {"mm": 0.001, "cm": 0.01, "m": 1, "km": 1000}


def metres(value):
    number, unit = value.split()
    return float(number) * METRES[unit]


def near(gold, predicted, *, percent):
    return Grade.PARTLY if abs(gold - predicted) <= gold * percent / 100 else Grade.NOT


def alike(gold, predicted, *, accept):
    return Grade.ACCEPTED if min(gold, predicted) / max(gold, predicted) >= accept else Grade.NOT


def no_grade(gold, predicted):
    return gold / (predicted - predicted)


def no_check(options):
    raise KeyError("percent")


length = Comparator(metres, ("string",), near, {"percent": 0})
ratio = Comparator(metres, ("string",), alike, {"accept": 1})
crashing = Comparator(metres, ("string",), no_grade)
unhashable = Comparator(list, ("string",))
unchecked = Comparator(metres, ("string",), check=no_check)
function = metres
'''
NAMES = ("length", "ratio", "crashing", "unhashable", "unchecked", "function")
POINTS = {name: f"fieldmark_lengths:{name}" for name in NAMES} | {
    "gone": "fieldmark_lengths:nothing_of_this_name",
    "absent": "fieldmark_not_installed:length",
}
FILES = ["p.jsonl", "--gold", "g.jsonl", "--schema", "s.json"]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder with the package `fieldmark-lengths` installed in it, on the path."""
    site = tmp_path / "site"
    info = site / "fieldmark_lengths-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "fieldmark_lengths.py").write_text(CODE, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fieldmark-lengths\nVersion: 1.0\n")
    points = "".join(f"{name} = {target}\n" for name, target in POINTS.items())
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{points}", "utf-8")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "fieldmark_lengths", raising=False)
    return site


@pytest.fixture
def scoring(fieldmark, tmp_path, site):
    """Scores one value of a table's field against gold -> (exit status, output, errors)."""

    def call(gold, predicted, **compare):
        rows = {"rows": [{"size": gold}]}, {"rows": [{"size": predicted}]}
        schema = obj(rows=table(size=compared(STRING, **compare)))
        (tmp_path / "s.json").write_text(json.dumps(schema), "utf-8")
        write_lines(tmp_path / "g.jsonl", [{"id": "d", "gold": rows[0]}])
        write_lines(tmp_path / "p.jsonl", [{"id": "d", "prediction": rows[1]}])
        return fieldmark("score", *FILES, "--format", "json")

    return call


@pytest.mark.parametrize(
    ("predicted", "compare", "outcome"),
    [
        ("1000 m", {"by": "length"}, "cor"),
        ("1010 m", {"by": "length", "percent": 1}, "par"),
        ("1010 m", {"by": "length"}, "mis"),
        ("0.9 km", {"by": "ratio", "accept": 0.9}, "cor"),
    ],
)
def test_a_registered_comparator_is_found_by_its_name(scoring, predicted, compare, outcome):
    status, out, err = scoring("1 km", predicted, **compare)
    assert (status, err) == (0, "")
    assert json.loads(out)["fields"]["rows.size"][outcome] == 1


@pytest.mark.parametrize(
    ("by", "gold", "predicted", "hints"),
    [
        ("length", "1 km", "far", ["'length' broke on 'far': ValueError"]),
        ("length", "1 mile", "1 m", ["gold of 'd'", "'length' broke on '1 mile': KeyError"]),
        ("crashing", "1 m", "2 m", ["'crashing' broke on 1.0 and 2.0: ZeroDivisionError"]),
        ("unhashable", "1 m", "2 m", ["'unhashable' broke on '1 m': TypeError: unhashable"]),
        ("unchecked", "1 m", "2 m", ["'unchecked' broke on its options {}: KeyError"]),
        ("function", "1 m", "2 m", ["'function' is no benchmark.Comparator but function"]),
        ("gone", "1 m", "2 m", ["'gone' (fieldmark_lengths:nothing_of_this_name)"]),
        ("absent", "1 m", "2 m", ["'absent' (fieldmark_not_installed:length)", "ModuleNotFound"]),
        ("lenght", "1 m", "2 m", ["at rows.size", "unknown comparator", "did you mean length"]),
    ],
)
def test_a_broken_one_is_named_with_what_it_broke_on(scoring, by, gold, predicted, hints):
    status, out, err = scoring(gold, predicted, by=by)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert all(hint in err for hint in hints), err


def test_it_is_explained_with_its_options(fieldmark, tmp_path, site):
    schema = obj(size=compared(STRING, by="length", percent=5))
    (tmp_path / "s.json").write_text(json.dumps(schema), "utf-8")
    _, out, _ = fieldmark("schema", "--explain", "s.json")
    assert ["size", "string", "length", "percent=5"] in map(str.split, out.splitlines())


@pytest.mark.parametrize(("predicted", "status"), [("1000 m", 0), ("far", 2)])
def test_another_process_finds_it_too(scoring, site, tmp_path, predicted, status):
    scoring("1 km", predicted, by="length")
    run = subprocess.run(
        [sys.executable, "-c", "from benchmark.cli import main; main()", "score", *FILES],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status
    assert "Traceback" not in run.stderr
    assert ("'length' broke on 'far'" in run.stderr) == (status == 2)
