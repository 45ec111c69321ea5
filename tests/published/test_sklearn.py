"""Flat schemas: our figures are scikit-learn's on the indicators that a document sets.

An indicator is (field, label, copy), and a document sets it if the field holds the label so many
times; the label is the value as compared, for a string without regard to case. A leaf sets one, a
set one for each label, a bag one for each copy of a label. Then an indicator that gold and
prediction set is COR, one that only the prediction sets is INC or SPU, and one that only gold sets
is INC or MIS: TP + FP = ACT and TP + FN = POS, however INC pairs them off.

What we leave undefined is NaN under zero_division=nan, which scikit-learn leaves out of averages
as we do.
"""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support
from sklearn.preprocessing import MultiLabelBinarizer
from support.tasks import BOOLEAN, INTEGER, STRING, array, obj

from benchmark import Document, Task, score

LABELS = ("north", "south", "east")
ENUM = {"type": "string", "enum": list(LABELS)}
FIELDS = {
    "enum": ENUM,
    "string": STRING,
    "integer": INTEGER,
    "boolean": BOOLEAN,
    "bag": array(ENUM),
    "strings": array(STRING),
    "set": array(ENUM, **{"as": "set"}),
}
MOST = 4
"""Elements of a list, and so copies of a label."""

labels = st.sampled_from(LABELS)
spellings = st.sampled_from((*LABELS, "North", "SOUTH"))
lists = st.none() | st.lists(labels, max_size=MOST)
documents = st.fixed_dictionaries(
    {},
    optional={
        "enum": st.none() | labels,
        "string": st.none() | spellings,
        "integer": st.none() | st.integers(0, 2),
        "boolean": st.none() | st.booleans(),
        "bag": lists,
        "strings": st.none() | st.lists(spellings, max_size=MOST),
        "set": lists,
    },
)


def indicators(document):
    """The indicators that a document sets; a missing document sets none."""
    for field, value in (document or {}).items():
        values = value if isinstance(value, list) else [value]
        held = Counter(str(one).casefold() for one in values if one is not None)
        for label, copies in held.items():
            for copy in range(1 if field == "set" else copies):
                yield field, label, copy


def matrices(pairs):
    """Indicator matrices of gold and prediction, a row a document, and their columns' names."""
    values = (*LABELS, "0", "1", "2", "true", "false")
    columns = [(f, label, n) for f in FIELDS for label in values for n in range(MOST)]
    encoder = MultiLabelBinarizer(classes=columns)
    encoder.fit([])
    gold, predicted = (
        encoder.transform([set(indicators(pair[side])) for pair in pairs]) for side in (0, 1)
    )
    return gold, predicted, columns


def scored(fields, pairs):
    """Our score of (gold, prediction) pairs."""
    golds = (Document(str(n), gold) for n, (gold, _) in enumerate(pairs))
    predictions = {str(n): predicted for n, (_, predicted) in enumerate(pairs)}
    return score(Task("flat", obj(**fields), tuple(golds)), predictions)


def theirs(gold, predicted, average):
    """P, R and F1 of scikit-learn."""
    return precision_recall_fscore_support(gold, predicted, average=average, zero_division=np.nan)[
        :3
    ]


def same(rates, expected):
    """To the last bits: they multiply where we divide once. None is NaN."""
    ours = [np.nan if r is None else r for r in (rates.precision, rates.recall, rates.f1)]
    np.testing.assert_allclose(ours, expected, rtol=1e-12)


@given(st.lists(st.tuples(documents, st.none() | documents), min_size=1, max_size=4))
def test_micro_and_each_field_are_micro_averages_of_indicators(pairs):
    ours = scored(FIELDS, pairs)
    gold, predicted, columns = matrices(pairs)
    same(ours.micro().strict, theirs(gold, predicted, "micro"))
    for field in FIELDS:
        of = [n for n, (name, _, _) in enumerate(columns) if name == field]
        same(ours.field_counts(field).strict, theirs(gold[:, of], predicted[:, of], "micro"))


@given(
    st.lists(st.tuples(*2 * [st.sets(st.sampled_from("abcd")).map(sorted)]), min_size=1, max_size=6)
)
def test_a_field_a_label_is_multilabel_classification(pairs):
    """With a field of its own for each label ours are the rates by label, and macro is macro."""
    fields = {label: {"type": "string", "enum": ["yes"]} for label in "abcd"}
    ours = scored(fields, [[dict.fromkeys(side, "yes") for side in pair] for pair in pairs])
    encoder = MultiLabelBinarizer(classes=list("abcd"))
    gold, predicted = (encoder.fit_transform([pair[side] for pair in pairs]) for side in (0, 1))
    for label, *expected in zip("abcd", *theirs(gold, predicted, None), strict=True):
        same(ours.field_counts(label).strict, expected)
    same(ours.micro().strict, theirs(gold, predicted, "micro"))
    same(ours.macro(), theirs(gold, predicted, "macro"))


@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=8))
def test_one_label_a_document_is_multiclass_classification(pairs):
    """A leaf that is always filled: P, R and F1 are all the accuracy, as micro averages are."""
    ours = scored({"enum": ENUM}, [[{"enum": side} for side in pair] for pair in pairs])
    gold, predicted = zip(*pairs, strict=True)
    same(ours.micro().strict, theirs(gold, predicted, "micro"))
