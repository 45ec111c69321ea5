"""Where two runs part: which gold values both of them get right, one alone, or neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Literal

from benchmark.reports.sheet import Sheet
from benchmark.schema.fields import Json
from benchmark.schema.paths import record_path
from benchmark.scoring.counts import Outcome
from benchmark.scoring.scores import Score
from benchmark.statistics.significance import pairs_of

By = Literal["documents", "fields", "records"]
"""What a row of two runs side by side is."""


@dataclass
class Shared:
    """Gold values of one document, field or record: how many of them both runs got right, the first
    alone, the second alone, and neither; and how many spurious values each run had."""

    both: int = 0
    first: int = 0
    second: int = 0
    neither: int = 0
    first_spurious: int = 0
    second_spurious: int = 0

    @property
    def apart(self) -> bool:
        """Whether the runs differ."""
        return bool(self.first or self.second or self.first_spurious != self.second_spurious)


COLUMNS = tuple(field.name for field in fields(Shared))
HEADER = ("both", "first only", "second only", "neither")


@dataclass(frozen=True)
class SideBySide:
    """Two runs by name, and what they share of each document, field or record of gold."""

    first: str
    second: str
    by: By
    rows: Mapping[str, Shared]

    @property
    def columns(self) -> int:
        """How many of COLUMNS there are: a record of gold holds no spurious values."""
        return len(COLUMNS) - 2 * (self.by == "records")


def side_by_side(scores: Mapping[str, Score], by: By, all_pairs: bool) -> list[SideBySide]:
    """Each run with the first, or every two of them. scores: by the name of the run, all of one
    signature. Every document is scored anew, for the verdict on each value. Raises DataError as
    compare_scores does."""
    pairs, names = pairs_of(scores, all_pairs), list(scores)
    found = [_verdicts(score, by) for score in scores.values()]
    return [SideBySide(names[a], names[b], by, _shared(found[a], found[b])) for a, b in pairs]


def sheet(sides: SideBySide) -> Sheet:
    """The table that a person reads: only where the runs part, the widest apart first."""
    apart = {name: row for name, row in sides.rows.items() if row.apart}
    names = sorted(apart, key=lambda name: -abs(apart[name].first - apart[name].second))
    title = f"{sides.second} (second) against {sides.first} (first): gold values that are correct"
    rows = [(name, *map(str, astuple(apart[name])[: len(HEADER)])) for name in names]
    header = [sides.by.removesuffix("s"), *HEADER]
    if sides.by != "records":
        header.append("spurious")
        spurious = (
            f"{apart[name].first_spurious} / {apart[name].second_spurious}" for name in names
        )
        rows = [(*row, cell) for row, cell in zip(rows, spurious, strict=True)]
    alike = (f"{len(sides.rows) - len(apart):,} {sides.by} alike", *[""] * (len(header) - 1))
    return Sheet(title, header, [*rows, alike], frozenset({len(rows)}))


def as_csv(sides: Sequence[SideBySide]) -> str:
    """The rows as CSV."""
    import pandas

    return pandas.DataFrame(as_dicts(sides)).to_csv(index=False, lineterminator="\n")


def as_dicts(sides: Sequence[SideBySide]) -> list[dict[str, Json]]:
    """A row for each document, field or record of each pair: first_run, second_run, its name under
    what it is, and the values of Shared; of records without those that are spurious."""
    return [
        {
            "first_run": side.first,
            "second_run": side.second,
            side.by.removesuffix("s"): name,
            **dict(zip(COLUMNS[: side.columns], astuple(row), strict=False)),
        }
        for side in sides
        for name, row in side.rows.items()
    ]


@dataclass
class _Group:
    """The verdicts on the values of one document, field or record.

    correct: of each gold value, by document and path, whether it is. spurious: how many predicted
    values gold has nothing for.
    """

    correct: dict[tuple[str, str], bool]
    spurious: int = 0


def _verdicts(score: Score, by: By) -> dict[str, _Group]:
    """The verdicts on all values of a run. Spurious values of records without a partner are in no
    record of gold: they stand with their documents and fields only."""
    groups: dict[str, _Group] = defaultdict(lambda: _Group({}))
    several = len(score.task.parts) > 1
    for document in score.documents:
        schema = f"{score.schema_of(document)}: " if several else ""
        for slot in score.verdicts(document).slots:
            if slot.gold is None and by == "records":
                continue
            path = slot.gold.path if slot.gold else ""
            name = {
                "documents": document,
                "fields": schema + slot.field,
                "records": f"{document} {record_path(path)}".rstrip(),
            }[by]
            if slot.gold:
                groups[name].correct[document, path] = slot.outcome == Outcome.COR
            else:
                groups[name].spurious += 1
    return groups


def _shared(first: Mapping[str, _Group], second: Mapping[str, _Group]) -> dict[str, Shared]:
    none = _Group({})
    rows = {}
    for name in dict.fromkeys([*first, *second]):
        a, b = first.get(name, none), second.get(name, none)
        row = Shared(first_spurious=a.spurious, second_spurious=b.spurious)
        for value in a.correct.keys() | b.correct.keys():
            which = (a.correct.get(value, False), b.correct.get(value, False))
            row.both += which == (True, True)
            row.first += which == (True, False)
            row.second += which == (False, True)
            row.neither += which == (False, False)
        rows[name] = row
    return rows
