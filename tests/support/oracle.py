"""The scoring rules once more, exhaustively: every pairing is tried. Small documents only.

It reads the JSON Schema itself and shares no code with the scorer. Schema and values are brought
into plain form first (`oracle_forms`); what two values earn, `oracle_grades` says.

Best are the pairings of the highest credit (COR + PAR / 2), and of these the ones with the fewest
errors (INC + MIS + SPU, over the whole document). The second half is the scorer's own: the rules
ask only that content decides between pairings of equal credit. Pairings that are equal in both
may still differ in their counts, so the oracle finds all counts that a best pairing can have.
Credit and errors add up over the parts of a document, so the best of it is made of best parts.
"""

import re
from typing import NamedTuple

from support.oracle_bags import set_of_accepted, set_of_given, slots
from support.oracle_choices import NOTHING, Best, best_of, choices, first_of_best, total, without
from support.oracle_fields import (
    at,
    fields_of,
    is_record,
    joined,
    keys_of,
    kind,
    laid_over,
    listed,
    nested,
    states,
)
from support.oracle_forms import plain, plainly
from support.oracle_grades import grade

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


def optimum(schema, gold, predicted, alternatives=None, optional=()):
    """The best pairings of a gold document with a predicted one."""
    node = plain(schema)
    search = _Search(alternatives or {}, optional)
    best = search.document(node, plainly(node, gold), plainly(node, predicted), top_of(schema))
    return Optimum(best.credit, best.errors, frozenset(map(search.unpacked, best.ways)))


def top_of(schema):
    """The path of a document: none of an object of named properties."""
    return "" if plain(schema)["type"] == "object" and plain(schema).get("from") != "tuple" else "$"


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

    def document(self, node, gold, predicted, top):
        """The best of a document, which may be an array or a leaf."""
        if kind(node) != "object":
            return self._field(node, gold, predicted, top)
        return total(self.parts(fields_of(node), gold, predicted, top).values())

    def parts(self, fields, gold, predicted, path):
        """The best of each leaf, bag and table in an object, by its path there."""
        return {
            name: self._field(below, at(gold, name), at(predicted, name), joined(path, name))
            for name, below in fields.items()
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
        field, way = re.sub(r'(?<!")\[\d*\]', "", path), 0
        for name, number in numbers.items():
            place = self._places.setdefault((field, name), len(self._places))
            way += number << BITS * place
        credit = sum(CREDIT.get(name, 0) * number for name, number in numbers.items())
        errors = sum(numbers.get(name, 0) for name in ERRORS)
        return Best(credit, errors, frozenset([way]))

    def _field(self, node, gold, predicted, path):
        compare = {"leaf": self._leaf, "bag": self._bag, "table": self._table}[kind(node)]
        return compare(node, gold, predicted, path)

    def _others(self, path):
        """What else is accepted; an empty list is the same as null."""
        return [None if other == [] else other for other in self.alternatives.get(path, ())]

    def _leaf(self, node, gold, predicted, path):
        accepted = [gold, *self._others(path)]
        if predicted is None:
            return NOTHING if None in accepted else self._counted(path, {"MIS": 1})
        earned = max(grade(node, one, predicted) for one in accepted)
        wrong = "SPU" if gold is None else "INC"
        return self._counted(path, {{1.0: "COR", 0.5: "PAR"}.get(earned, wrong): 1})

    def _bag(self, node, gold, predicted, path):
        compare = {**node["items"].get("x-compare", {}), **node.get("x-compare", {})}
        element = {**node["items"], "x-compare": compare}
        stated = [
            [one, *self._others(f"{path}[{n}]")]
            for n, one in enumerate(listed(gold))
            if one is not None
        ]
        lists = [stated, *([[one] for one in other or ()] for other in self._others(path))]
        given = [one for one in listed(predicted) if one is not None]
        if compare.get("as") == "set":
            lists = [set_of_accepted(element, one) for one in lists]
            given = set_of_given(element, given)
        found = (self._elements(element, golds, given, path) for golds in lists)
        return first_of_best(found)

    def _elements(self, node, golds, given, path):
        """A bag's elements; `golds` lists what is accepted for each."""
        grades = {
            (i, j): earned
            for i, accepted in enumerate(golds)
            for j, one in enumerate(given)
            if (earned := max(grade(node, other, one) for other in accepted))
        }
        return best_of(
            [self._counted(path, slots(golds, given, {pair: grades[pair] for pair in chosen}))]
            for chosen in choices(node, grades)
        )

    def _table(self, node, gold, predicted, path):
        item = node["items"]
        golds = {f"{path}[{n}]": row for n, row in enumerate(listed(gold)) if is_record(row)}
        given = dict(enumerate(filter(is_record, listed(predicted))))
        missing = {here: self._missing(item, row, here) for here, row in golds.items()}
        spurious = {j: self._spurious(item, row, f"{path}[]") for j, row in given.items()}
        pairs = {
            (here, j): pair
            for here, row in golds.items()
            for j, other in given.items()
            if (pair := self._pair(item, row, other, here))
        }
        return best_of(
            [*map(pairs.get, chosen), *without(missing, chosen, 0), *without(spurious, chosen, 1)]
            for chosen in choices(node, pairs)
        )

    def _readings(self, item, gold, here):
        """A record of gold as it stands, and with each of its alternatives laid over it."""
        others = [plainly(item, nested(one)) for one in self.alternatives.get(here, ())]
        return [gold, *(laid_over(item, gold, one) for one in others)]

    def _missing(self, item, gold, here):
        if here in self.optional:  # nor do its records count among the gold, by the scorer's rule
            return NOTHING
        counted = self._counted(here, {"gold": 1})
        return first_of_best(
            total([*self.parts(fields_of(item), one, None, here).values(), counted])
            for one in self._readings(item, gold, here)
        )

    def _spurious(self, item, predicted, here):
        parts = self.parts(fields_of(item), None, predicted, here)
        return total([*parts.values(), self._counted(here, {"predicted": 1})])

    def _pair(self, item, gold, predicted, here):
        """Two records, or None if they may not be paired in any reading of the gold one."""
        pairs = [
            self._pair_as_read(item, one, predicted, here)
            for one in self._readings(item, gold, here)
        ]
        return first_of_best(pair for pair in pairs if pair)

    def _pair_as_read(self, item, gold, predicted, here):
        pair = total(self.parts(fields_of(item), gold, predicted, here).values())
        if not self._may_pair(item, gold, predicted, here, pair.credit):
            return None
        return pair._replace(ways=frozenset(self._with_pair(pair, one, here) for one in pair.ways))

    def _may_pair(self, item, gold, predicted, here, credit):
        """They must agree on a key. If neither states one, agreement on anything will do (such a
        record could otherwise not even be paired with itself), and so will stating nothing."""
        alone, together = keys_of(item)
        agreed = {
            name for name, one in self.parts(alone, gold, predicted, here).items() if one.credit
        }
        in_group = self.parts(together, gold, predicted, here)
        stated = {
            name: states(node, at(gold, name)) or states(node, at(predicted, name))
            for name, node in {**fields_of(item), **alone, **together}.items()
        }
        if agreed or any(one.credit for one in in_group.values()):
            return bool(agreed) or all(one.credit or not stated[n] for n, one in in_group.items())
        if any(stated[name] for name in (*alone, *together)):
            return False
        return credit > 0 or not any(stated.values())

    def _with_pair(self, pair, way, here):
        partly = any(name == "PAR" for (_, name), _ in self.unpacked(way))
        perfect = int(not pair.errors and not partly)
        counted = {"gold": 1, "predicted": 1, "paired": 1, "perfect": perfect}
        return way + sum(self._counted(here, counted).ways)
