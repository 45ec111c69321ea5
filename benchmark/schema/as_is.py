"""Gold values that are not of their field's type, taken as they are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from benchmark.schema.comparing.grades import Grade
from benchmark.schema.comparing.values import canonical
from benchmark.schema.field_comparator import FieldComparator
from benchmark.schema.fields import Json


class AsIs(NamedTuple):
    """The folded form of a value that is not of its field's type: equal to the same JSON value
    alone."""

    value: Hashable


@dataclass(frozen=True, kw_only=True)
class AsIsComparator(FieldComparator):
    """A comparator that takes values of any type: one that is not of the field's agrees only with
    the same JSON value.

    typed: the comparator of values of the field's type.
    """

    typed: FieldComparator

    def is_valid(self, value: Json) -> bool:  # noqa: ARG002 - any value
        """Whether a value can be compared: any can."""
        return True

    def fold(self, value: Json) -> Hashable:
        """The folded form of a value of any type."""
        return self.typed.fold(value) if self.typed.is_valid(value) else AsIs(canonical(value))

    def folds(self, values: Sequence[Json]) -> list[Hashable]:
        """The folded forms of values of any types, in their order."""
        return list(map(self.fold, values))

    def grade(self, gold: Hashable, predicted: Hashable) -> Grade:
        """The grade of two folded values."""
        if isinstance(gold, AsIs) or isinstance(predicted, AsIs):
            return Grade.ACCEPTED if gold == predicted else Grade.NOT
        return self.typed.grade(gold, predicted)

    def grades(self, golds: Sequence[Hashable], predicted: Sequence[Hashable]) -> list[Grade]:
        """The grade of each pair of folded values."""
        return list(map(self.grade, golds, predicted))


def taken_as_is(comparator: FieldComparator) -> AsIsComparator:
    """A comparator that takes what another one refuses as it is."""
    own = {field.name: getattr(comparator, field.name) for field in fields(FieldComparator)}
    # Pairs of texts are not graded many in a call: not all of them need be texts.
    own["definition"] = replace(comparator.definition, grades=None)
    return AsIsComparator(**own, typed=comparator)
