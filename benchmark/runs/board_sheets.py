"""A board as tables of text: what every format shows of it, and the words below it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmark.errors import harmless
from benchmark.reports.sheet import Sheet, show_bounds, show_rate
from benchmark.runs.board import Board
from benchmark.runs.entries import Stated
from benchmark.runs.ranking import Row

SYSTEM = 1
"""The column that holds names, which are of anyone's making."""
STATED = "*"
TRAINED = "†"


def sheet(board: Board) -> Sheet:
    """The runs that fit, a row each; the rate that ranks comes first. F1 by table is left to CSV
    and JSON."""
    return Sheet("Leaderboard", _header(board), [_cells(board, row) for row in board.rows])


def _header(board: Board) -> tuple[str, ...]:
    f1 = ("F1", "95% of F1", "mean")
    return (
        *("rank", "system", f"kind{STATED}"),
        *(("mean", "95% of mean", "F1") if board.own_schemas else f1),
        *(f"{split} F1" for split in _splits(board)),
        *("P", "R", "whole", "valid"),
        *(["samples", "sd of F1"] if _repeated(board) else []),
        *(f"$/doc{STATED}", f"s/doc{STATED}", f"date{STATED}"),
    )


def _cells(board: Board, row: Row) -> tuple[str, ...]:
    stated = row.stated
    f1 = (show_rate(row.f1), show_bounds(row.interval, row.f1), show_rate(row.mean))
    mean = (show_rate(row.mean), show_bounds(row.mean_interval, row.mean), show_rate(row.f1))
    return (
        str(row.rank),
        harmless(row.name),
        _show_kind(row),
        *(mean if board.own_schemas else f1),
        *(show_rate(row.splits.get(split)) for split in _splits(board)),
        *map(show_rate, (row.precision, row.recall, row.whole, row.valid)),
        *([str(row.samples), show_spread(row)] if _repeated(board) else []),
        *(show_cost(stated), show_seconds(stated), show_day(stated)),
    )


def short_sheet(board: Board) -> Sheet:
    """The few columns that a README has room for."""
    f1 = "mean over documents" if board.own_schemas else "F1"
    header = ("rank", "system", f"kind{STATED}", f"{f1}, 95% interval", "P", "R", f"$/doc{STATED}")
    rows = []
    for row in board.rows:
        rate, interval = (row.f1, row.interval)
        if board.own_schemas:
            rate, interval = row.mean, row.mean_interval
        shown = f"{show_rate(rate)} {show_bounds(interval, rate)}"
        last = (*map(show_rate, (row.precision, row.recall)), show_cost(row.stated))
        rows.append((str(row.rank), harmless(row.name), _show_kind(row), shown, *last))
    return Sheet("", header, rows)


def other_gold_sheet(board: Board) -> Sheet:
    """The runs of other gold, with the figures that they state."""
    header = ("gold", "system", "documents", "F1", "95% of F1", "P", "R")
    rows = [
        (
            harmless(row.gold),
            harmless(row.name),
            str(row.documents),
            show_rate(row.f1),
            show_bounds(row.interval, row.f1),
            *map(show_rate, (row.precision, row.recall)),
        )
        for row in board.other_gold
    ]
    return Sheet("Runs of other gold: as they state, not checked", header, rows)


def legend(board: Board) -> Iterator[str]:
    """The words below a board, a paragraph each."""
    by = "the mean over documents" if board.own_schemas else "F1 over all fields"
    yield (
        f"A run's rank is 1 plus the number of runs that are better than it: by {by}, in a paired "
        f"randomisation over documents at 5%, each pair by itself. Who else is listed changes "
        f"nothing."
    )
    yield (
        f"{STATED} As the run says of itself, not checked; all else is worked out from its "
        f"predictions. mean: of F1 over documents. whole: F1 of records without a fault. valid: "
        f"the share of documents whose answers follow the schema."
    )
    if any(_trained(row) for row in board.rows):
        yield f"{TRAINED} Trained on these texts, as it says itself."
    if _repeated(board):
        yield (
            "Counts are the mean over a run's samples; sd: the standard deviation of F1 between "
            "them, which is apart from the interval, the spread between documents."
        )
    if board.held_out:
        number = ", ".join(f"{n} of {split}" for split, n in board.held_out.items())
        yield f"Of the documents, the gold of some is not public: {number}."
    yield f"{board.documents} documents. Signature: {harmless(board.signature)}"


def show_spread(row: Row) -> str:
    """The standard deviation between samples; nothing for one sample."""
    return "" if row.spread is None else f"{row.spread:.3f}"


def _splits(board: Board) -> tuple[str, ...]:
    """The splits that say more than all documents together."""
    return tuple(board.splits) if len(board.splits) > 1 else ()


def _repeated(board: Board) -> bool:
    return any(row.samples > 1 for row in board.rows)


def _trained(row: Row) -> bool:
    submission = row.stated.submission
    return submission is not None and submission.trained_on_these_texts


def _show_kind(row: Row) -> str:
    return row.stated.kind + (TRAINED if _trained(row) else "")


def show_cost(stated: Stated) -> str:
    """US dollars for each answer; nothing where none are stated, as of those that follow."""
    return "" if stated.cost is None else f"{stated.cost:.4f}"


def show_seconds(stated: Stated) -> str:
    """Seconds for each answer."""
    return "" if stated.seconds is None else f"{stated.seconds:.2f}"


def show_day(stated: Stated) -> str:
    """The day on which a run began."""
    return "" if stated.day is None else stated.day.isoformat()
