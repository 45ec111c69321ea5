"""The public names of the package: __init__.py loads each from here when it is first used."""

from .data.documents import Document
from .data.loading import load_task, make_task
from .data.predictions import Failure, Status, read_predictions
from .data.task import Task
from .errors import DataError, FieldmarkError, SchemaError, UnknownNameError
from .export.hf_dataset import load_dataset
from .reports.score_tables import as_table
from .schema.aliases import Aliases
from .schema.comparators import Comparator
from .schema.comparing.grades import Grade
from .schema.tree.reader import read_schema
from .schema.x_compare import compare
from .scoring.counts import Counts, Outcome, Rates
from .scoring.scores import Score, score

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
    "load_dataset",
    "load_task",
    "make_task",
    "read_predictions",
    "read_schema",
    "score",
]
