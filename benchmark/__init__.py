"""Fieldmark scores structured extraction field by field.

>>> import benchmark
>>> task = benchmark.load_task("sitrep")
>>> predictions = {d.id: my_extractor(d.text) for d in task.documents}  # doctest: +SKIP
>>> print(benchmark.score(task, predictions))  # doctest: +SKIP
"""

from benchmark.aliases import Aliases
from benchmark.comparators import Comparator, Grade
from benchmark.counts import Counts, Outcome, Rates
from benchmark.errors import DataError, FieldmarkError, SchemaError, UnknownNameError
from benchmark.predictions import Failure, Status, read_predictions
from benchmark.schema import read_schema
from benchmark.scoring import Score, score
from benchmark.tables import as_table
from benchmark.tasks import Document, Task, load_task, make_task

__all__ = [
    "Aliases",
    "Comparator",
    "Counts",
    "DataError",
    "Document",
    "Failure",
    "FieldmarkError",
    "Grade",
    "Outcome",
    "Rates",
    "SchemaError",
    "Score",
    "Status",
    "Task",
    "UnknownNameError",
    "as_table",
    "load_task",
    "make_task",
    "read_predictions",
    "read_schema",
    "score",
]
