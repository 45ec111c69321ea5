"""The public names of the package: __init__.py loads each from here when it is first used."""

from .aliases import Aliases
from .annotations import compare
from .comparators import Comparator, Grade
from .counts import Counts, Outcome, Rates
from .documents import Document
from .errors import DataError, FieldmarkError, SchemaError, UnknownNameError
from .predictions import Failure, Status, read_predictions
from .schema import read_schema
from .scoring import Score, score
from .tables import as_table
from .tasks import Task, load_task, make_task

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
    "compare",
    "load_task",
    "make_task",
    "read_predictions",
    "read_schema",
    "score",
]
