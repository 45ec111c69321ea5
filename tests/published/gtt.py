"""The metric of GTT (Du, Rush and Cardie, NAACL 2021), whose program calls it CEAF-REE too.

A document is a list of templates, each with an incident type and, by role, entities (lists of
mentions). Templates are mapped one to one, entities within a role many to one: a predicted entity
is right if its mentions are all in some gold entity, a gold entity is found if some predicted one
is inside it. So precision and recall have different numerators, and of a document's mappings the
one with the highest micro F1 is no assignment problem.
"""

from collections import Counter
from functools import cache
from typing import NamedTuple

from role_fillers import ROLES

TYPE = "incident_type"
ROWS = (*ROLES, TYPE)


class Tally(NamedTuple):
    """Entities that are right and all predicted ones; entities that are found and all gold ones."""

    right: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0

    def plus(self, other):
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def rates(self):
        """Precision, recall and F1, 0 where there is nothing to divide by."""
        precision = self.right / self.predicted if self.predicted else 0.0
        recall = self.found / self.gold if self.gold else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


def tallies(gold, predicted):
    """A tally per row of the published table, summed over documents, and one for all rows."""
    rows = {row: Tally() for row in ROWS}
    for name, templates in gold.items():
        for row, tally in document(templates, predicted.get(name, [])).items():
            rows[row] = rows[row].plus(tally)
    return {**rows, "micro_avg": total(rows)}


def document(golds, predictions):
    """The tallies of one document under its best mapping; a template left out counts in the
    denominators alone."""
    pairs = [[agreement(g, p) for g in golds] for p in predictions]
    predicted, gold = (sum(map(_sizes, side), Counter()) for side in (predictions, golds))
    right, found = Counter(), Counter()
    mapping = best_mapping(pairs, predicted.total(), gold.total())
    for row, g in zip(pairs, mapping, strict=True):
        if g is not None:
            right.update(row[g][0])
            found.update(row[g][1])
    return {row: Tally(right[row], predicted[row], found[row], gold[row]) for row in ROWS}


def total(rows):
    """The tally of all rows together."""
    return Tally(*map(sum, zip(*rows.values(), strict=True)))


def _sizes(template):
    return Counter({TYPE: 1} | {role: len(template[role]) for role in ROLES})


def agreement(gold, predicted):
    """What two templates have in common: entities right and entities found, by row.

    Nothing unless the predicted type is part of the gold type's text ("attack" of "attack /
    bombing"); a type that is no text counts as "attack".
    """
    right, found = Counter(), Counter()
    kind = predicted[TYPE] if isinstance(predicted[TYPE], str) else "attack"
    if kind in gold[TYPE]:
        right[TYPE] = found[TYPE] = 1
        for role in ROLES:
            golds, predictions = (list(map(set, one[role])) for one in (gold, predicted))
            right[role] = sum(any(p <= g for g in golds) for p in predictions)
            found[role] = sum(any(p <= g for p in predictions) for g in golds)
    return right, found


def best_mapping(pairs, predicted, gold):
    """For each predicted template a gold one or None. Of all mappings with the highest micro F1
    the first, gold templates in order before None, the first prediction deciding first.

    The denominators do not depend on the mapping, so of a mapping only two sums matter: what is
    right and what is found. `sums` keeps, for the predictions from n on and the gold templates
    that are left, each pair of sums that can be reached with the first mapping that reaches it:
    as many entries as sums differ, where trying all mappings takes (gold + 1) ** predictions.
    """
    gains = [[(one.total(), other.total()) for one, other in row] for row in pairs]

    @cache
    def sums(n, left):
        if n == len(gains):
            return {(0, 0): ()}
        reached = {}
        for g in (*left, None):
            right, found = (0, 0) if g is None else gains[n][g]
            for (r, f), rest in sums(n + 1, tuple(i for i in left if i != g)).items():
                reached.setdefault((r + right, f + found), (g, *rest))
        return reached

    def order(entry):
        (right, found), mapping = entry
        f1 = Tally(right, predicted, found, gold).rates[2]
        return -f1, [len(gains[0]) if g is None else g for g in mapping]

    every = tuple(range(len(gains[0]))) if gains else ()
    return min(sums(0, every).items(), key=order)[1]
