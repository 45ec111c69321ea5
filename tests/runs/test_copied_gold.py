"""What looks like copied gold is counted, and nothing more."""

from support.tasks import INTEGER, STRING, obj, table

from benchmark import Task, score
from benchmark.data.documents import Document
from benchmark.runs.copied_gold import signs_of_copying

SCHEMA = obj(rows=table(name=STRING, n=INTEGER))
TYPOS = ["Kongousi", "Tessalit", "Ansongo-", "Bandiagara", "Douentza", "Timbuktu"]
RIGHT = ["Kongoussi", "Tessallit", "Ansongoo", "Bandiagarra", "Douenntza", "Timbucktu"]
TEXT = " and ".join(RIGHT)


def signs(predicted, alternatives=None, text=TEXT):
    gold = {"rows": [{"name": name, "n": n} for n, name in enumerate(TYPOS)]}
    accepted = {
        f"rows[{n}].name": [other] for n, other in enumerate(alternatives or ()) if alternatives
    }
    document = Document("d", gold, text=text, alternatives=accepted)
    answer = {"rows": [{"name": name, "n": n} for n, name in enumerate(predicted)]}
    return list(signs_of_copying(score(Task("mine", SCHEMA, [document]), {"d": answer})))


def test_answers_that_are_gold_are_named():
    assert "1 of 1 answers are gold to the letter: 'd'" in signs(TYPOS)[0]


def test_typos_of_gold_that_the_text_does_not_have_are_counted():
    predicted = [*TYPOS[:4], *RIGHT[4:]]
    assert signs(predicted) == [
        "of 6 values found that the text spells in another way than gold, 4 are identical to "
        "gold's own form"
    ]
    assert signs(RIGHT) == []


def test_the_one_form_of_several_that_gold_states_is_counted():
    predicted = [*TYPOS[:5], RIGHT[5]]
    assert signs(predicted, RIGHT) == [
        "of 6 values found of which gold accepts other forms, too, 5 are identical to gold's own "
        "form"
    ]


def test_values_that_are_in_the_text_say_nothing():
    assert signs([*TYPOS[:5], "x"], text=" ".join(TYPOS)) == []


def test_an_answer_without_values_is_nobody_s_copy():
    task = Task("mine", SCHEMA, [Document("d", {"rows": []}, text="t")])
    assert list(signs_of_copying(score(task, {"d": {"rows": []}}))) == []
