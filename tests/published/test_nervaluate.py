"""nervaluate's counts, which are SemEval 2013's, where they mean what ours mean.

nervaluate takes predictions in order. Each takes the first gold entity that is left and equal to
it; if there is none, it spoils the first that is left and overlaps it (incorrect). Three
regions follow, from all counts alike to none:

- Spans equal or apart: gold gives the spans, or systems agree on them. All five counts are alike.
- Flat: entities of one side never overlap each other, as in BIO tags. Correct, all gold and all
  predicted are alike, and so are P, R and F1; INC is another thing.
- Overlapping: nervaluate depends on the order of predictions, we don't.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator
from support.tasks import INTEGER, STRING, array, compared, obj

from benchmark import Counts, Document, Task, score

TAGS = ("LOC", "ORG", "PER")
tags = st.sampled_from(TAGS)

PARTS = obj(entities=array(obj(label=STRING, start=INTEGER, end=INTEGER)))
"""An entity is a record of three fields: it is right if the record is perfect."""

SPANS = obj(entities=array(obj(span=compared(STRING, key=True), label=STRING)))
"""The span is the key, so that only entities of the same span are paired."""

BAG = obj(entities=array(STRING, by="exact"))
"""An entity is one string."""


def entity(label, start, end):
    return {"label": label, "start": start, "end": end}


def theirs(pairs, view="strict"):
    """nervaluate's result over (gold, prediction) pairs."""
    gold, predicted = ([pair[side] for pair in pairs] for side in (0, 1))
    return Evaluator(gold, predicted, list(TAGS), loader="dict").evaluate()["overall"][view]


def counts(result):
    """nervaluate's counts as ours."""
    return Counts(result.correct, result.partial, result.incorrect, result.missed, result.spurious)


def ours(schema, encode, pairs):
    """Our score, with entities encoded for a schema."""
    sides = [[{"entities": [encode(one) for one in side]} for side in pair] for pair in pairs]
    documents = tuple(Document(str(n), gold) for n, (gold, _) in enumerate(sides))
    predictions = {str(n): predicted for n, (_, predicted) in enumerate(sides)}
    return score(Task("entities", schema, documents), predictions)


def by_span(one):
    return {"span": f"{one['start']}-{one['end']}", "label": one["label"]}


def in_one(one):
    return f"{one['label']} {one['start']}-{one['end']}"


def same_rates(rates, result):
    """Ours are undefined where nothing is predicted (P), nothing is gold (R) or both (F1);
    nervaluate has 0 there."""
    shown = (rates.precision or 0, rates.recall or 0, rates.f1 or 0)
    assert shown == pytest.approx((result.precision, result.recall, result.f1), rel=1e-12)


@st.composite
def flat(draw):
    """Entities in a row, of which none overlaps another."""
    lengths = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=5))
    found, position = [], 0
    for gap, length in lengths:
        start = position + gap
        position = start + length
        found.append(entity(draw(tags), start, position - 1))
    return draw(st.permutations(found))


@st.composite
def over_given_spans(draw):
    """Gold and prediction that label some of the same spans."""
    spans = [(one["start"], one["end"]) for one in draw(flat())]
    return [[entity(draw(tags), *span) for span in spans if draw(st.booleans())] for _ in range(2)]


spans = st.tuples(st.integers(0, 9), st.integers(0, 4)).map(lambda s: (s[0], s[0] + s[1]))
any_entities = st.lists(st.builds(lambda tag, span: entity(tag, *span), tags, spans), max_size=5)
flat_pairs = st.lists(st.tuples(flat(), flat()), min_size=1, max_size=3)


@given(st.lists(over_given_spans(), min_size=1, max_size=3))
def test_over_equal_spans_all_counts_agree(pairs):
    """Their strict counts are those of our label, their exact ones those of our span."""
    score_ = ours(SPANS, by_span, pairs)
    strict = theirs(pairs)
    assert score_.field_counts("entities.label") == counts(strict)
    assert score_.field_counts("entities.span") == counts(theirs(pairs, "exact"))
    same_rates(score_.field_counts("entities.label").strict, strict)


@given(flat_pairs)
def test_over_flat_entities_the_rates_agree(pairs):
    """Whether an entity is one string or a record of three fields."""
    strict = theirs(pairs)
    bag = ours(BAG, in_one, pairs).micro()
    assert (bag.cor, bag.pos, bag.act) == (strict.correct, strict.possible, strict.actual)
    same_rates(bag.strict, strict)
    records = ours(PARTS, dict, pairs).record_counts("entities")
    assert (records.perfect, records.gold, records.predicted) == (bag.cor, bag.pos, bag.act)


@given(flat_pairs)
def test_incorrect_differs(pairs):
    """Theirs is an overlap of entities that are not equal. In a bag ours is any wrong entity
    against any missed one, near or far, so never fewer; with the span as key it is a wrong label
    on the right span, so never more."""
    incorrect = theirs(pairs).incorrect
    label = ours(SPANS, by_span, pairs).field_counts("entities.label")
    assert label.inc <= incorrect <= ours(BAG, in_one, pairs).micro().inc


@given(st.lists(st.tuples(any_entities, any_entities), min_size=1, max_size=3))
def test_over_overlapping_entities_they_never_find_more(pairs):
    """What is spoilt by an earlier prediction is lost to a later one that is equal to it."""
    strict, bag = theirs(pairs), ours(BAG, in_one, pairs).micro()
    assert strict.correct <= bag.cor
    assert (strict.possible, strict.actual) == (bag.pos, bag.act)


def test_over_overlapping_entities_their_order_decides():
    gold, wide = entity("LOC", 3, 5), entity("LOC", 0, 9)
    assert counts(theirs([([gold], [gold, wide])])) == Counts(cor=1, spu=1)
    assert counts(theirs([([gold], [wide, gold])])) == Counts(inc=1, spu=1)
    for predicted in ([gold, wide], [wide, gold]):
        pair = [([gold], predicted)]
        assert ours(BAG, in_one, pair).micro() == Counts(cor=1, spu=1)
        assert ours(PARTS, dict, pair).record_counts("entities").perfect == 1


def test_what_is_undefined_is_0_there():
    result, bag = theirs([([], [])]), ours(BAG, in_one, [([], [])]).micro().strict
    assert (result.precision, result.recall, result.f1) == (0, 0, 0)
    assert (bag.precision, bag.recall, bag.f1) == (None, None, None)


def test_by_label_a_wrong_label_is_missed_and_spurious():
    """Under each label nervaluate sees that label alone."""
    pairs = [([entity("LOC", 0, 1)], [entity("ORG", 0, 1)])]
    gold, predicted = ([side] for side in pairs[0])
    by_label = Evaluator(gold, predicted, list(TAGS), loader="dict").evaluate()["entities"]
    assert counts(theirs(pairs)) == Counts(inc=1)
    assert counts(by_label["LOC"]["strict"]) == Counts(mis=1)
    assert counts(by_label["ORG"]["strict"]) == Counts(spu=1)
