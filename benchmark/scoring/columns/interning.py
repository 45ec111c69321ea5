"""Values of one field as small integers: two values are equal, as compared, if their ids are.

A *spelling* is a value as given in JSON, its *place* the number under which it is remembered. Each
spelling is checked and folded once, however often it stands in the documents; spellings that fold
to one value ("Ségou", "SEGOU") have several places and one id.
"""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping, Sequence
from types import NoneType

import numpy as np

from benchmark.schema.aliases import Aliases
from benchmark.schema.as_is import AsIs, AsIsComparator, taken_as_is
from benchmark.schema.comparing.grades import Grade
from benchmark.schema.field_comparator import FieldComparator, bind
from benchmark.schema.fields import Bag, Json, Record, Table, compared
from benchmark.schema.kinds import KINDS
from benchmark.scoring.arrays import Ints

NOTHING = -1
"""The id of no value: null, or a property that is absent."""

INVALID = -2
"""The id of a value that is not of the field's type: gold holds none, so it equals nothing."""

ABSENT = -3
"""Stands for NOTHING on the predicted side of a comparison, so that no two absences are equal."""

MOST_KEPT = 50_000
"""Spellings, and graded pairs, that a field remembers from one chunk of documents to the next."""


class _Repeated:
    """Marks the keys of repeated elements, so that they equal no folded value."""


class Interner(dict[Json, int]):
    """The dictionary of a field's spellings: value as given -> place, by which its id is looked up.

    Python takes 1, 1.0 and true for one key. So only values of one Python type, the field's, are
    keys of this dictionary; those of other types are kept in another one, together with their type.
    comparator: of the field, by which values are checked, folded and graded.
    """

    def __init__(self, comparator: FieldComparator) -> None:
        super().__init__()
        self.comparator = comparator
        types = set(map(type, comparator.leaf.values)) or {KINDS[comparator.leaf.kind].python_type}
        # Of an enum of several types texts are the keys, and all others are kept with their type.
        self._type = types.pop() if len(types) == 1 else str
        self._typed = comparator.typed if isinstance(comparator, AsIsComparator) else comparator
        self.forget()

    @property
    def size(self) -> int:
        """The number of spellings that are remembered."""
        return len(self.spellings)

    def forget(self) -> None:
        """Forget all spellings, so that memory does not grow with the documents.

        Places and ids handed out before lose their meaning.
        """
        self.clear()
        self.spellings: list[Json] = [None]  # by place
        self._ids = array("i", [NOTHING])  # by place
        self.folded: dict[Hashable, int] = {}  # folded value -> id
        self._values: list[Hashable] = []  # by id, as compared
        self._of_other_types: dict[tuple[type, Json], int] = {}  # -> place
        self._not_typed: set[int] = set()  # ids of values that are not of the field's type
        self._grades: dict[tuple[Json, ...], Grade] = {}
        # The texts that were last held against each other, all with all, and the highest grades
        # that they may have (see pairing.likeness): a document is paired again for its verdicts.
        self.highest: tuple[tuple[list[str], list[str]], Ints] | None = None
        self[None] = 0

    def places(self, values: Sequence[Json]) -> Ints:
        """The places of values of any JSON types, shape (len(values),); new spellings are added."""
        # The quick way, a look-up in C, is safe where equal keys are of equal type: a text equals
        # nothing else, but where values are numbers, no other type may be among them.
        if self._type is str or set(map(type, values)) <= {self._type, NoneType}:
            try:
                return np.fromiter(map(self.__getitem__, values), np.int32, len(values))
            except TypeError:  # a list or an object where a scalar belongs has no hash
                pass
        return np.fromiter(map(self._place, values), np.int32, len(values))

    def __missing__(self, value: Json) -> int:
        """The place of a value that is no key yet; one of the field's type becomes a key."""
        if type(value) is not self._type:
            return self._place(value)
        self[value] = place = self._add_spelling(value)
        return place

    def _place(self, value: Json) -> int:
        """The place of one value of any JSON type."""
        if value is None or type(value) is self._type:
            return self[value]
        key = type(value), value
        try:
            place = self._of_other_types.get(key)
        except TypeError:  # a list or an object: a spelling of its own each time
            return self._add_spelling(value)
        if place is None:
            self._of_other_types[key] = place = self._add_spelling(value)
        return place

    def _add_spelling(self, value: Json) -> int:
        """Remember a new spelling with its id; the place of it, that of null if it stands for no
        value."""
        if self.comparator.absent and self.comparator.is_absent(value):
            return 0
        self._ids.append(self._id(value))
        self.spellings.append(value)
        return len(self._ids) - 1

    def _id(self, value: Json) -> int:
        """The id of a value other than null, or INVALID."""
        if not self.comparator.is_valid(value):
            return INVALID
        folded = self.comparator.fold(value)
        number = self._number(folded, folded)
        if isinstance(folded, AsIs):
            self._not_typed.add(number)
        return number

    def invalid(self, ids: Ints) -> int:
        """The number of ids of values that are not of the field's type, whether they are taken as
        they are or not."""
        invalid = np.count_nonzero(ids == INVALID)
        if self._not_typed:
            invalid += np.count_nonzero(np.isin(ids, list(self._not_typed)))
        return int(invalid)

    def ids(self, places: Ints) -> Ints:
        """The ids of the values at some places, same shape."""
        # A copy: an array that NumPy, or a profiler, still looks into cannot grow.
        id_of: Ints = np.array(self._ids)
        return id_of[places]

    def repeated(self, first: int, occurrence: int) -> int:
        """The id of an element that stands in a bag after `occurrence` others of the id `first`."""
        number = self._number((_Repeated, first, occurrence), self._values[first])
        if first in self._not_typed:
            self._not_typed.add(number)
        return number

    def _number(self, key: Hashable, value: Hashable) -> int:
        """The id of a key, the next free number for a new one; `value`: the key as compared."""
        number = self.folded.setdefault(key, len(self.folded))
        if number == len(self._values):
            self._values.append(value)
        return number

    def in_words(self, ids: Ints) -> list[str]:
        """The values of some ids as text, the same for equal ones, without those of NOTHING."""
        values = self._values
        return ["invalid" if n < 0 else repr(values[n]) for n in ids.tolist() if n != NOTHING]

    def presence(self, values: Sequence[Json]) -> Ints:
        """Whether values are there and valid, shape (len(values),): 0, NOTHING or INVALID; 1 for
        one that is taken as it is.

        In place of ids where values are compared one by one: folding all of them to number them
        would be in vain for most.
        """
        if self.comparator.leaf.kind == "string" and set(map(type, values)) == {str}:
            return np.zeros(len(values), np.int32)
        valid, other = self._typed.is_valid, INVALID
        if self._typed is not self.comparator:
            self._not_typed, other = {1}, 1
        ids = (NOTHING if v is None else 0 if valid(v) else other for v in values)
        return np.fromiter(ids, np.int32, len(values))

    @property
    def is_quick(self) -> bool:
        """Whether grading pairs anew takes less time than looking up what they earned before.

        So it is for a comparator that grades many pairs of texts in one call.
        """
        return self._type is str and self.comparator.definition.grades is not None

    def grades(self, pairs: Sequence[tuple[Json, Json]]) -> list[Grade]:
        """The grade of each pair (gold, predicted) of valid values as given.

        Each pair is graded once and remembered, unless the comparator is quick with many pairs.
        """
        if self.comparator.leaf.kind == "json" or self._typed is not self.comparator:
            # Lists and objects are no keys.
            return self._fold_and_grade(pairs)
        if self.is_quick:
            return self._grade_different(pairs)
        grade_of = self._grades
        if len(grade_of) > MOST_KEPT:
            grade_of.clear()
        texts = self._type is str
        # As for spellings: numbers of different types are one key, so the types go with them.
        keys = pairs if texts else [(*map(type, pair), *pair) for pair in pairs]
        new = {key: pair for key, pair in zip(keys, pairs, strict=True) if key not in grade_of}
        grade_of.update(zip(new, self._fold_and_grade(list(new.values())), strict=True))
        return [grade_of[key] for key in keys]

    def _grade_different(self, pairs: Sequence[tuple[Json, Json]]) -> list[Grade]:
        """The grade of each pair of texts; those of one spelling need no comparator."""
        same = [gold == predicted for gold, predicted in pairs]
        different = [pair for pair, is_same in zip(pairs, same, strict=True) if not is_same]
        grades = iter(self._fold_and_grade(different))
        return [Grade.ACCEPTED if is_same else next(grades) for is_same in same]

    def _fold_and_grade(self, pairs: Sequence[tuple[Json, Json]]) -> list[Grade]:
        """The grade of each pair of valid values, by the comparator."""
        folds = self.comparator.folds
        gold = folds([value for value, _ in pairs])
        predicted = folds([value for _, value in pairs])
        return self.comparator.grades(gold, predicted)


def intern_all(tree: Record, aliases: Aliases, *, as_is: bool = False) -> Mapping[str, Interner]:
    """An interner for each leaf and bag, by path, with its comparator bound.

    as_is: values that are not of their field's type are taken as they are. Raises SchemaError for
    a field whose comparator does not fit its type or options.
    """
    interners = {}
    for item in compared(tree):
        if not isinstance(item.node, Table):
            leaf = item.node.element if isinstance(item.node, Bag) else item.node
            comparator = bind(item.path, leaf, aliases)
            interners[item.path] = Interner(taken_as_is(comparator) if as_is else comparator)
    return interners
