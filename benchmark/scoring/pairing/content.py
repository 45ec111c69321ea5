"""A record as text to sort by, which breaks ties between best pairings."""

from __future__ import annotations

from benchmark.schema.fields import Record, Table
from benchmark.scoring.arrays import Ints
from benchmark.scoring.assignment.tie_break import Content
from benchmark.scoring.columns.bags import Bags
from benchmark.scoring.columns.leaves import Leaves
from benchmark.scoring.columns.tables import Tables
from benchmark.scoring.columns.values import field_value


def content(tree: Record, rows: Tables, laid_out: Ints, place: int) -> Content:
    """Describe a record by what is scored and, as records may be alike in that, by its quotations.

    laid_out: the rows of a group's records, one document's below another; place: which of them.
    """
    row = int(laid_out[place])
    scored = [_scored(tree, rows, row)]
    while row + len(scored) in rows.readings:
        scored.append(_scored(tree, rows, row + len(scored)))
    return " or ".join(scored), rows.quotations(row)


def key_content(rows: Tables, row: int) -> str:
    """Describe a record by its keys that are not scored."""
    columns = rows.keys.flat if rows.keys is not None else ()
    return str([_value_content(column, row) for column in columns])


def _scored(tree: Record, rows: Tables, row: int) -> str:
    """Describe what is scored of a record: equal for records that score alike, however their lists
    and keys are ordered."""
    contents: list[str] = []
    for item, column in zip(tree.fields, rows.columns, strict=True):
        if isinstance(column, Tables):
            assert isinstance(item.node, Table)
            below = range(int(column.offsets[row]), int(column.offsets[row + 1]))
            records = [_scored(item.node.record, column, n) for n in below]
            contents.append(str(records if item.node.in_order else sorted(records)))
        else:
            contents.append(_value_content(column, row))
    keys = key_content(rows, row) if tree.keys else ""
    return f"{'?' if rows.optional[row] else ''}{contents}{keys}"


def _value_content(column: Leaves | Bags, row: int) -> str:
    """Describe a leaf or bag of a record as it is compared, alternatives included."""
    if row in column.others:
        value = field_value(column, row)
        if isinstance(value, tuple):
            lists = [[v.content() for v in elements] for elements in value]
            in_order = isinstance(column, Bags) and column.in_order
            return " || ".join(str(words if in_order else sorted(words)) for words in lists)
        return value.content() if value else ""
    if isinstance(column, Bags):
        ids = column.ids[column.offsets[row] : column.offsets[row + 1]]
        words = column.interner.in_words(ids)
        return str(words if column.in_order else sorted(words))
    if column.by_equality or column.ids[row] < 0:
        return "".join(column.interner.in_words(column.ids[row : row + 1]))
    return repr(column.folded([row])[0])
