"""CEAF-REE as GRIT published it, computed by our scorer."""

import ceaf_ree
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import needs_reference, percent, read

from benchmark.schema.comparators import COMPARATORS

SYSTEMS = ("preds_s_t", "preds_s_t_no_offset_constraint", "preds_s_t_sep_downweigh")


@pytest.fixture(scope="module", autouse=True)
def entity():
    """The comparator under the name that the schema of these tests gives it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(COMPARATORS, "entity", ceaf_ree.ENTITY)
        yield


def rates(counts):
    return percent(counts.strict.precision, counts.strict.recall, counts.strict.f1)


@pytest.fixture(scope="module")
def scores():
    return read("grit/reference_scores.json")


@needs_reference
def test_there_are_seven_cases_and_three_systems(scores):
    assert len(scores["toy_cases_micro_PRF_percent"]) == 7
    assert tuple(scores["reference_strict_PRF_percent"]) == SYSTEMS


@needs_reference
@pytest.mark.parametrize("number", range(7))
def test_a_handmade_case(scores, number):
    case = scores["toy_cases_micro_PRF_percent"][number]
    ours = ceaf_ree.by_comparator(case["gold"], case["pred"])
    assert rates(ours.micro()) == case["strict"]
    for phi in (ceaf_ree.strict, ceaf_ree.prop):
        assert percent(*ceaf_ree.rates(case["gold"], case["pred"], phi)) == case[phi.__name__]


@needs_reference
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("way", [ceaf_ree.by_comparator, ceaf_ree.by_alternatives])
def test_a_published_system(scores, system, way):
    data = read("grit/gold_and_preds.json.gz")
    ours = way(data["gold"], data["preds"][system])
    published = scores["reference_strict_PRF_percent"][system]
    assert {
        **{role: rates(ours.field_counts(role)) for role in ceaf_ree.ROLES},
        "micro_avg": rates(ours.micro()),
    } == published


entities = st.lists(st.lists(st.sampled_from("abcde"), max_size=3), max_size=4)
documents = st.dictionaries(st.sampled_from(ceaf_ree.ROLES), entities)


@given(st.lists(st.tuples(documents, documents), min_size=1, max_size=3))
def test_bags_under_one_comparator_are_ceaf_ree(pairs):
    """On random entities too, which overlap more than real ones do and may have no mention."""
    gold, predicted = ({str(n): pair[side] for n, pair in enumerate(pairs)} for side in (0, 1))
    ours = ceaf_ree.by_comparator(gold, predicted).micro().strict
    expected = ceaf_ree.rates(gold, predicted, ceaf_ree.strict)
    assert (ours.precision, ours.recall, ours.f1) == expected
