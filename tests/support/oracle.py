"""The scoring rules once more, exhaustively: every pairing is tried. Small documents only.

It reads the JSON Schema itself and shares no code with the scorer. It knows the comparators that
the strategies draw: exact, text, number, and date (partly accepted within `days`).

Best are the pairings of the highest credit (COR + PAR / 2), and of these the ones with the fewest
errors (INC + MIS + SPU, over the whole document). The second half is the scorer's own: the rules
ask only that content decides between pairings of equal credit. Pairings that are equal in both
may still differ in their counts, so the oracle finds all counts that a best pairing can have.
Credit and errors add up over the parts of a document, so the best of it is made of best parts.
"""

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import NamedTuple

OUTCOMES = ("COR", "PAR", "INC", "MIS", "SPU")
RECORDS = ("gold", "predicted", "paired", "perfect")
CREDIT = {"COR": 1.0, "PAR": 0.5}
ERRORS = ("INC", "MIS", "SPU")
BITS = 16


class Optimum(NamedTuple):
    """A document's best pairings. `results`: the counts that they can have, each as the items of
    {(path, name): number}, zeros left out; a name is one of OUTCOMES or, of a table, RECORDS."""

    credit: float
    errors: int
    results: frozenset


class _Best(NamedTuple):
    """The best pairings of a part of a document. `ways`: their distinct counts, as integers."""

    credit: float
    errors: int
    ways: frozenset


NOTHING = _Best(0.0, 0, frozenset([0]))


def optimum(schema, gold, predicted, alternatives=None, optional=()):
    """The best pairings of a gold document with a predicted one."""
    search = _Search(alternatives or {}, optional)
    best = _sum(search.parts(schema, gold, predicted, "").values())
    return Optimum(best.credit, best.errors, frozenset(map(search.unpacked, best.ways)))


def counts_of(score, document=0):
    """What a score counts for one document, as in the results of an optimum."""
    of_fields = zip(score.fields, score.counts[document].tolist(), strict=True)
    of_tables = zip(score.tables, score.records[document].tolist(), strict=True)
    return frozenset(
        ((path, name), number)
        for names, rows in ((OUTCOMES, of_fields), (RECORDS, of_tables))
        for path, row in rows
        for name, number in zip(names, row, strict=True)
        if number
    )


class _Search:
    """Compares one gold document. Paths have indexes, as in its alternatives; what is predicted
    and has no partner stands under `[]`, for which gold accepts nothing else."""

    def __init__(self, alternatives, optional):
        self.alternatives, self.optional = alternatives, optional
        self._places = {}

    def parts(self, node, gold, predicted, path):
        """The best of each leaf, bag and table in an object, by its path there."""
        return {
            name: self._field(
                below, _at(gold, name), _at(predicted, name), f"{path}.{name}" if path else name
            )
            for name, below in _fields(node)
        }

    def unpacked(self, way):
        """The counts that an integer stands for, as items."""
        numbers = {
            key: way >> BITS * place & (1 << BITS) - 1 for key, place in self._places.items()
        }
        return frozenset((key, number) for key, number in numbers.items() if number)

    def _counted(self, path, numbers):
        """Counts under one path. Each path and name has some bits of a large integer to itself,
        so that counts are added like integers and can stand in sets."""
        field, way = re.sub(r"\[\d*\]", "", path), 0
        for name, number in numbers.items():
            place = self._places.setdefault((field, name), len(self._places))
            way += number << BITS * place
        credit = sum(CREDIT.get(name, 0) * number for name, number in numbers.items())
        errors = sum(numbers.get(name, 0) for name in ERRORS)
        return _Best(credit, errors, frozenset([way]))

    def _field(self, node, gold, predicted, path):
        compare = {"leaf": self._leaf, "bag": self._bag, "table": self._table}[_kind(node)]
        return compare(node, gold, predicted, path)

    def _others(self, path):
        """What else is accepted; an empty list is the same as null."""
        return [None if other == [] else other for other in self.alternatives.get(path, ())]

    def _leaf(self, node, gold, predicted, path):
        accepted = [gold, *self._others(path)]
        if predicted is None:
            return NOTHING if None in accepted else self._counted(path, {"MIS": 1})
        grade = max(_grade(node, one, predicted) for one in accepted)
        wrong = "SPU" if gold is None else "INC"
        return self._counted(path, {{1.0: "COR", 0.5: "PAR"}.get(grade, wrong): 1})

    def _bag(self, node, gold, predicted, path):
        compare = {**node["items"].get("x-compare", {}), **node.get("x-compare", {})}
        element = {**node["items"], "x-compare": compare}
        stated = [
            [one, *self._others(f"{path}[{n}]")]
            for n, one in enumerate(_list(gold))
            if one is not None
        ]
        lists = [stated, *([[one] for one in other or ()] for other in self._others(path))]
        given = [one for one in _list(predicted) if one is not None]
        if compare.get("as") == "set":
            lists = [_set_of_accepted(element, one) for one in lists]
            given = _set_of_given(element, given)
        found = [self._elements(element, golds, given, path) for golds in lists]
        return max(found, key=lambda best: (best.credit, -best.errors))  # the first, on a tie

    def _elements(self, node, golds, given, path):
        """A bag's elements; `golds` lists what is accepted for each."""
        grades = {
            (i, j): grade
            for i, accepted in enumerate(golds)
            for j, one in enumerate(given)
            if (grade := max(_grade(node, other, one) for other in accepted))
        }
        return _best(
            [self._counted(path, _slots(golds, given, {pair: grades[pair] for pair in chosen}))]
            for chosen in _matchings(list(grades))
        )

    def _table(self, node, gold, predicted, path):
        item = node["items"]
        golds = {f"{path}[{n}]": row for n, row in enumerate(_list(gold)) if _is_record(row)}
        given = dict(enumerate(filter(_is_record, _list(predicted))))
        missing = {here: self._missing(item, row, here) for here, row in golds.items()}
        spurious = {j: self._spurious(item, row, f"{path}[]") for j, row in given.items()}
        pairs = {
            (here, j): pair
            for here, row in golds.items()
            for j, other in given.items()
            if (pair := self._pair(item, row, other, here))
        }
        return _best(
            [*map(pairs.get, chosen), *_without(missing, chosen, 0), *_without(spurious, chosen, 1)]
            for chosen in _matchings(list(pairs))
        )

    def _missing(self, item, gold, here):
        if here in self.optional:  # nor do its records count among the gold, by the scorer's rule
            return NOTHING
        parts = self.parts(item, gold, None, here)
        return _sum([*parts.values(), self._counted(here, {"gold": 1})])

    def _spurious(self, item, predicted, here):
        parts = self.parts(item, None, predicted, here)
        return _sum([*parts.values(), self._counted(here, {"predicted": 1})])

    def _pair(self, item, gold, predicted, here):
        """Two records, or None if they may not be paired: they must agree on a key. If neither
        states one, agreement on anything will do (the scorer's own rule: such a record could
        otherwise not even be paired with itself), and so will stating nothing at all."""
        parts = self.parts(item, gold, predicted, here)
        total, keys = _sum(parts.values()), _keys(item)
        if not any(parts[name].credit for name in keys):
            sides = [
                (node, _at(one, name)) for name, node in keys.items() for one in (gold, predicted)
            ]
            keyed = any(_states(node, value) for node, value in sides)
            if keyed or not (total.credit or (_blank(item, gold) and _blank(item, predicted))):
                return None
        return total._replace(
            ways=frozenset(self._with_pair(total, way, here) for way in total.ways)
        )

    def _with_pair(self, total, way, here):
        partly = any(name == "PAR" for (_, name), _ in self.unpacked(way))
        perfect = int(not total.errors and not partly)
        counted = {"gold": 1, "predicted": 1, "paired": 1, "perfect": perfect}
        return way + sum(self._counted(here, counted).ways)


def _sum(parts):
    """Parts of a document taken together."""
    credit, errors, ways = NOTHING
    for part in parts:
        credit, errors = credit + part.credit, errors + part.errors
        ways = frozenset(one + other for one in ways for other in part.ways)
    return _Best(credit, errors, ways)


def _best(choices):
    """The best of some choices, each a list of parts."""
    ranked = {}
    for parts in choices:
        rank = sum(part.credit for part in parts), -sum(part.errors for part in parts)
        ranked.setdefault(rank, []).append(parts)
    credit, spared = top = max(ranked)
    ways = frozenset().union(*(_sum(parts).ways for parts in ranked[top]))
    return _Best(credit, -spared, ways)


def _matchings(pairs):
    """Every way to choose some of the pairs, one to one, from none to as many as fit."""
    if not pairs:
        yield ()
        return
    (i, j), *others = pairs
    yield from _matchings(others)
    for chosen in _matchings([(g, p) for g, p in others if g != i and p != j]):
        yield ((i, j), *chosen)


def _without(alone, chosen, side):
    """What stands alone, but for the records that are in the chosen pairs."""
    taken = {pair[side] for pair in chosen}
    return [best for record, best in alone.items() if record not in taken]


def _slots(golds, given, matched):
    """The outcomes in a bag with some of its elements matched, by their grades. Wrong elements
    pair off with required gold first, so that optional gold is never what is missing."""
    taken = {i for i, _ in matched}
    left = [accepted for i, accepted in enumerate(golds) if i not in taken]
    required = sum(None not in accepted for accepted in left)
    over = len(given) - len(matched)
    grades = list(matched.values())
    return {
        "COR": grades.count(1.0),
        "PAR": grades.count(0.5),
        "INC": min(over, len(left)),
        "MIS": max(required - over, 0),
        "SPU": max(over - len(left), 0),
    }


def _set_of_accepted(node, golds):
    """Equal elements are one. It accepts what any of them does, absence only if all of them do,
    which is the scorer's own rule."""
    groups = {}
    for accepted in golds:
        groups.setdefault(_folded(node, accepted[0]), []).append(accepted)
    return [
        [one for accepted in group for one in accepted if one is not None]
        + [None] * all(None in accepted for accepted in group)
        for group in groups.values()
    ]


def _set_of_given(node, given):
    """Equal elements are one. Those of the wrong type stay apart, which is the scorer's own rule:
    they are not compared, so none equals another."""
    told = {
        (True, _folded(node, one)) if _is_valid(node, one) else (False, n): one
        for n, one in enumerate(given)
    }
    return list(told.values())


def _grade(node, gold, predicted):
    """1 if accepted, 0.5 if partly, else 0."""
    if gold is None or not _is_valid(node, predicted):
        return 0.0
    compare = node.get("x-compare", {})
    if node.get("format") == "date":
        days = abs((date.fromisoformat(gold) - date.fromisoformat(predicted)).days)
        return 1.0 if not days else 0.5 if days <= compare.get("days", 0) else 0.0
    if node["type"] == "number":
        absolute, relative, g, p = (
            Fraction(str(one))
            for one in (compare.get("abs", 0), compare.get("rel", 0), gold, predicted)
        )
        return float(abs(g - p) <= max(absolute, relative * abs(g)))
    return float(_folded(node, gold) == _folded(node, predicted))


def _folded(node, value):
    by_text = node["type"] == "string" and not node.keys() & {"enum", "format"}
    if by_text and node.get("x-compare", {}).get("by") != "exact":
        return " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return value


def _is_valid(node, value):
    """Whether a predicted value is of the field's type."""
    if "enum" in node:
        return isinstance(value, str) and value in node["enum"]
    if node.get("format") == "date":
        return isinstance(value, str) and bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value))
    if node["type"] in ("string", "boolean"):
        return isinstance(value, {"string": str, "boolean": bool}[node["type"]])
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and (node["type"] == "number" or value == int(value))


def _kind(node):
    if node["type"] == "array":
        return "table" if node["items"]["type"] == "object" else "bag"
    return "object" if node["type"] == "object" else "leaf"


def _fields(node, path=""):
    """Leaves, bags and tables of an object by their paths; an object in it is but a path."""
    for name, given in node["properties"].items():
        below = _without_null(given)
        if _kind(below) == "object":
            yield from _fields(below, f"{path}{name}.")
        elif below.get("x-compare", {}).get("score") is not False:
            yield f"{path}{name}", below


def _without_null(node):
    """The other type, where a type or null is allowed."""
    types = [one for one in node.get("anyOf", ()) if one != {"type": "null"}]
    return {**node, **types[0]} if types else node


def _keys(node):
    """The fields on which records must agree."""
    fields = dict(_fields(node))
    marked = {name: one for name, one in fields.items() if one.get("x-compare", {}).get("key")}
    return marked or {name: one for name, one in fields.items() if _kind(one) != "table"}


def _states(node, value):
    """Whether there is any value in a field. What else is accepted there is not stated,
    which is the scorer's own rule."""
    if _kind(node) == "leaf":
        return value is not None
    if _kind(node) == "bag":
        return any(one is not None for one in _list(value))
    rows = filter(_is_record, _list(value))
    return any(_states(below, _at(row, n)) for row in rows for n, below in _fields(node["items"]))


def _blank(item, record):
    return not any(_states(below, _at(record, name)) for name, below in _fields(item))


def _at(value, path):
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _list(value):
    """A bag's or table's elements: what is no list holds none."""
    return value if isinstance(value, list) else []


def _is_record(value):
    return isinstance(value, dict)
