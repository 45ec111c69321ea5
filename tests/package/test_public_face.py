"""What `import benchmark` gives."""

import subprocess
import sys

import pytest

import benchmark

NAMES = {
    *("Aliases", "Comparator", "Counts", "DataError", "Document", "Failure", "FieldmarkError"),
    *("Grade", "Outcome", "Rates", "SchemaError", "Score", "Status", "Task", "UnknownNameError"),
    *(
        "as_table",
        "compare",
        "load_dataset",
        "load_task",
        "make_task",
        "read_predictions",
        "read_schema",
        "score",
    ),
}


def test_the_export_list_is_this_one():
    assert set(benchmark.__all__) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_is_there_and_documented(name):
    assert getattr(benchmark, name).__doc__


def test_importing_loads_nothing_heavy():
    code = "import sys, benchmark; print(*(m for m in sys.modules if '.' not in m))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pydantic", "rich", "orjson"} & set(run.stdout.split())
