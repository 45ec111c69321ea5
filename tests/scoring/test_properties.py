"""What must hold for every schema, gold and prediction."""

from copy import deepcopy

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.oracle import counts_of, optimum
from support.strategies import annotated_cases, cases, shuffled, values

from benchmark import Counts, Document, Outcome, Task, score

COR, PAR, INC, MIS, SPU = Outcome
TABLES = st.data()


def scored(schema, gold, predicted, alternatives=None, optional=()):
    document = Document("d", gold, alternatives=alternatives or {}, optional=optional)
    return score(Task("t", schema, (document,)), {"d": predicted})


@given(cases())
def test_gold_against_itself_is_all_correct(case):
    schema, gold, _ = case
    counts = scored(schema, gold, deepcopy(gold)).counts
    assert not counts[..., PAR:].any()


@given(cases())
def test_swapping_the_sides_swaps_missing_and_spurious(case):
    schema, gold, predicted = case
    one = scored(schema, gold, predicted)
    other = scored(schema, predicted, gold)
    assert np.array_equal(one.counts[..., [COR, PAR, INC, SPU, MIS]], other.counts)
    assert np.array_equal(one.records[..., [1, 0, 2, 3]], other.records)


@given(annotated_cases(), TABLES)
def test_reordering_the_prediction_changes_nothing(case, data):
    schema, gold, predicted, alternatives, optional = case
    one = scored(schema, gold, predicted, alternatives, optional)
    other = scored(schema, gold, data.draw(shuffled(predicted)), alternatives, optional)
    assert np.array_equal(one.counts, other.counts)
    assert np.array_equal(one.records, other.records)


@given(cases(), TABLES)
def test_reordering_the_gold_changes_nothing(case, data):
    schema, gold, predicted = case
    one = scored(schema, gold, predicted)
    other = scored(schema, data.draw(shuffled(gold)), predicted)
    assert np.array_equal(one.counts, other.counts)
    assert np.array_equal(one.records, other.records)


def _tables(schema):
    """Names of the tables at the top of a schema."""
    return [
        name
        for name, node in schema["properties"].items()
        if node["type"] == "array" and node["items"]["type"] == "object"
    ]


@given(cases(partial=False), TABLES)
def test_dropping_a_correct_record_never_raises_recall(case, data):
    schema, gold, predicted = case
    table = data.draw(st.sampled_from(_tables(schema)))
    if not gold.get(table):
        gold[table] = [{}]
    correct = data.draw(st.sampled_from(gold[table]))
    fuller = {**predicted, table: [*(predicted.get(table) or []), correct]}
    before, after = (scored(schema, gold, p).micro() for p in (fuller, predicted))
    assert after.pos == before.pos
    assert after.cor <= before.cor


@given(cases(), TABLES)
def test_dropping_a_record_never_raises_partial_recall(case, data):
    schema, gold, predicted = case
    table = data.draw(st.sampled_from(_tables(schema)))
    rows = predicted.get(table) or [{}]
    at = data.draw(st.integers(0, len(rows) - 1))
    fewer = {**predicted, table: rows[:at] + rows[at + 1 :]}
    before, after = (scored(schema, gold, p).micro() for p in (predicted, fewer))
    assert after.cor + after.par / 2 <= before.cor + before.par / 2


INVENTED = {"string": "invented", "integer": 999}


def _invented(node):
    """A value that agrees with nothing the strategies draw, or None where the type has no room."""
    if node["type"] == "object":
        return {name: _invented(below) for name, below in node["properties"].items()}
    if node["type"] == "array":
        one = _invented(node["items"])
        return [] if one is None else [one]
    if "enum" in node:
        return None
    return "1999-01-01" if node.get("format") == "date" else INVENTED.get(node["type"])


@given(annotated_cases(), TABLES)
def test_adding_an_invented_record_never_raises_precision(case, data):
    schema, gold, predicted, alternatives, optional = case
    table = data.draw(st.sampled_from(_tables(schema)))
    invented = _invented(schema["properties"][table]["items"])
    more = {**predicted, table: [*(predicted.get(table) or []), invented]}
    before = scored(schema, gold, predicted, alternatives, optional)
    after = scored(schema, gold, more, alternatives, optional)
    for path in before.fields:
        one, two = before.field_counts(path), after.field_counts(path)
        assert two.act >= one.act
        assert (two.cor, two.par) == (one.cor, one.par)
    if _is_stated(invented):  # a record that states nothing is paired with such a gold record
        assert after.records[..., 2].tolist() == before.records[..., 2].tolist()


def _is_stated(value):
    if isinstance(value, dict):
        return any(map(_is_stated, value.values()))
    return any(map(_is_stated, value)) if isinstance(value, list) else value is not None


@given(st.data())
def test_counts_add_over_documents(data):
    schema, *first = data.draw(cases())
    pairs = [first, *data.draw(st.lists(st.tuples(values(schema), values(schema)), max_size=2))]
    alone = [scored(schema, gold, predicted).counts[0] for gold, predicted in pairs]
    documents = tuple(Document(str(n), gold) for n, (gold, _) in enumerate(pairs))
    together = score(
        Task("t", schema, documents), {str(n): predicted for n, (_, predicted) in enumerate(pairs)}
    )
    assert np.array_equal(together.counts, np.stack(alone))
    summed = sum((together.field_counts(path) for path in together.fields), Counts())
    assert summed == together.micro()
    assert np.array_equal(sum(alone).sum(axis=0), [summed.cor, summed.par, *_errors(summed)])


def _errors(counts):
    return [counts.inc, counts.mis, counts.spu]


@settings(max_examples=300)
@given(annotated_cases() | annotated_cases(depth=4))
def test_the_pairing_is_one_of_the_best_of_all_pairings(case):
    schema, gold, predicted, alternatives, optional = case
    result = scored(schema, gold, predicted, alternatives, optional)
    best = optimum(schema, gold, predicted, alternatives, optional)
    micro = result.micro()
    assert micro.cor + micro.par / 2 == best.credit
    assert counts_of(result) in best.results


@given(cases())
def test_positions_and_answers_do_not_depend_on_the_other_side(case):
    schema, gold, predicted = case
    result = scored(schema, gold, predicted)
    nothing = scored(schema, gold, {})
    for path in result.fields:
        assert result.field_counts(path).pos == nothing.field_counts(path).mis


@given(cases())
def test_matched_counts_are_part_of_all_counts(case):
    result = scored(*case)
    assert (result.matched_counts <= result.counts).all()
    assert (result.records[..., 2] <= result.records[..., :2].min(axis=-1)).all()
    assert (result.records[..., 3] <= result.records[..., 2]).all()
