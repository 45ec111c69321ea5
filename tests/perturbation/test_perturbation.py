"""Documents changed on purpose, text and gold together."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tasks import DATE, EVIDENCE, INTEGER, KEY, STRING, array, compared, obj, table

from benchmark import DataError, Document, Task, UnknownNameError, load_task, score
from benchmark.data.writing import write_task
from benchmark.labels.checks import problems
from benchmark.labels.compile import compile_labels
from benchmark.perturbation.edits import Edit, apply
from benchmark.perturbation.effects import difference_sheet, differences
from benchmark.perturbation.kinds import KINDS, kinds, perturb
from benchmark.text.surface_forms import in_words

SCHEMA = obj(
    rows=table(
        place=KEY,
        country=STRING,
        start=DATE,
        end=DATE,
        dead=INTEGER,
        most=INTEGER,
        who=array(compared(STRING, by="name")),
        evidence=EVIDENCE,
    ),
    people=table(name=KEY),
)
ALIASES = (("Support Group", "JNIM", "GSIM"),)
PERTURB = """
[swap.places]
fields = ["rows.place"]
by = "country"
pool.MLI = ["Nara", "Diré"]
pool.NER = ["Abala"]

[swap.people]
fields = ["people.name"]
part = "last"
pool = ["Diarra"]

[distractors]
en = ["The rains are late."]
"""
TEXT = """Dakar, Saturday 17 May 2025

JNIM raided Kayes on 3 May and took Kayes town, killing 12 and up to 20 others.

On 5 May JNIM shelled Tillia, where seven people died, said Awa Sow. In 2024 it had been calm there.

Sow said that 12 was a lie. The governor promised reinforcements."""
LABELS = {
    "rows": [
        {
            "place": "Kayes",
            "country": "MLI",
            "start": "2025-05-03",
            "end": "2025-05-03",
            "dead": 12,
            "most": 20,
            "who": ["Support Group"],
            "evidence": "JNIM raided Kayes on 3 May and took Kayes town, killing 12 and up to 20",
            "$quotes": {"start": "3 May", "end": "3 May"},
        },
        {
            "place": "Tillia",
            "country": "NER",
            "start": "2025-05-05",
            "end": "2025-05-05",
            "dead": 7,
            "who": ["Support Group"],
            "evidence": "On 5 May JNIM shelled Tillia, where seven people died",
            "$quotes": {"start": "5 May", "end": "5 May", "dead": "seven"},
        },
    ],
    "people": [{"name": "Awa Sow"}],
}


def make(folder, text=TEXT, labels=LABELS, perturbed=PERTURB, **meta):
    (folder / "perturb.toml").write_text(perturbed, "utf-8")
    task = Task("hand", SCHEMA, (), ALIASES, "1", folder)
    bare = Document("d", {}, text, {"published": "2025-05-17", **meta})
    document, found = compile_labels(bare, labels, task.tree, ALIASES)
    assert found == []
    return replace(task, documents=(document,))


@pytest.fixture
def task(tmp_path):
    return make(tmp_path)


def twin(task, kind, seed=0):
    (made,) = perturb(task, seed, [kind]).documents
    return made


def at(document, path):
    return [document.text[start:end] for start, end in document.spans[path]]


def test_the_same_seed_makes_the_same_twins_and_another_others(task):
    assert perturb(task, 1).documents == perturb(task, 1).documents
    texts = {perturb(task, seed, ["figures"]).documents[0].text for seed in range(5)}
    assert len(texts) > 1


def test_a_twin_tells_what_it_is_of(task):
    made = perturb(task, 3)
    assert [d.id for d in made.documents] == [f"d.{kind}-3" for kind in kinds(task)]
    assert made.documents[0].meta["twin"] == {"of": "d", "kind": "places", "seed": 3}
    assert made.version == "1+twins3"


def test_places_change_in_text_and_gold_within_their_country(task):
    made = twin(task, "places")
    rows = made.gold["rows"]
    assert (rows[0]["place"], rows[1]["place"]) == ("Nara", "Tillia")
    assert "raided Nara on 3 May and took Nara town" in made.text
    assert "Kayes" not in made.text
    assert at(made, "rows[0].place") == ["Nara"]


def test_the_last_name_of_a_person_changes_wherever_it_stands(task):
    made = twin(task, "people")
    assert made.gold["people"] == [{"name": "Awa Diarra"}]
    assert "said Awa Diarra." in made.text
    assert "Diarra said" in made.text


def test_a_name_with_accepted_spellings_is_left_alone(tmp_path):
    row = {**LABELS["rows"][0], "$or": {"place": ["Kaye"]}}
    task = make(tmp_path, labels={"rows": [row]})
    with pytest.raises(DataError, match="no document of 'hand' can be changed so: places"):
        perturb(task, 0, ["places"])


def test_figures_grow_in_their_order_and_the_unlabelled_ones_stay(tmp_path):
    text = TEXT.replace(" 12 was", " it was")
    made = twin(make(tmp_path, text), "figures")
    first, second = made.gold["rows"]
    assert 7 < second["dead"] <= 14
    assert 12 < first["dead"] < first["most"]
    assert at(made, "rows[0].dead") == [str(first["dead"])]
    assert at(made, "rows[1].dead") == [in_words(second["dead"], "en")]
    assert "In 2024" in made.text
    assert "17 May 2025" in made.text


def test_a_figure_that_the_text_repeats_unlabelled_stays(task):
    assert twin(task, "figures").gold["rows"][0]["dead"] == 12


def test_dates_go_back_by_whole_years_of_weeks_with_their_weekdays(task):
    made = twin(task, "dates")
    moved = made.meta["published"]
    weeks = {"2024-05-18": 1, "2023-05-20": 2, "2022-05-21": 3}[moved]
    days = {1: ("4", "6"), 2: ("6", "8"), 3: ("7", "9")}[weeks]
    assert [row["start"][-2:].lstrip("0") for row in made.gold["rows"]] == [*days]
    assert f"Saturday {moved[-2:]} May {moved[:4]}" in made.text
    assert at(made, "rows[1].start") == [f"{days[1]} May"]
    assert f"In {2024 - weeks}" in made.text


@pytest.mark.parametrize(
    "more",
    [
        "It ended on May 9th.",
        "It ended on the ninth of May.",
        "On the ninth, it ended.",
        "It ended on the last day of the month.",
        "It ended 9/5.",
        "Seven months to the day after it, it began again.",
        "Cela prit fin le 9.",
        "9 - It ended.",
        "8/9, night - It ended.",
    ],
)
def test_a_day_in_a_form_that_is_not_read_leaves_the_document_alone(tmp_path, more):
    task = make(tmp_path, f"{TEXT}\n\n{more}")
    with pytest.raises(DataError, match="can be changed so: dates"):
        perturb(task, 0, ["dates"])


def test_days_of_one_month_move_each_under_its_own(tmp_path):
    text = "Du 28 au 30 mai 2025, raid sur Kayes."
    row = {
        "place": "Kayes",
        "start": "2025-05-28",
        "end": "2025-05-30",
        "evidence": "raid sur Kayes",
        "$quotes": {"start": "28 au 30 mai", "end": "28 au 30 mai"},
    }
    made = twin(make(tmp_path, text, {"rows": [row]}, lang="fr"), "dates")
    assert made.text in {
        "Du 29 au 31 mai 2024, raid sur Kayes.",
        "Du 31 mai au 2 juin 2023, raid sur Kayes.",
        "Du 1er au 3 juin 2022, raid sur Kayes.",
    }


def test_digits_are_written_out(task):
    made = twin(task, "words")
    assert "killing twelve and up to twenty others" in made.text
    assert at(made, "rows[0].most") == ["twenty"]
    assert "5 May" in made.text


def test_digits_of_a_french_text_become_french_words(tmp_path):
    row = {"place": "Kayes", "dead": 21, "evidence": "21 morts à Kayes"}
    task = make(tmp_path, "À Kayes, 21 morts à Kayes.", {"rows": [row]}, lang="fr")
    assert "vingt et un morts" in twin(task, "words").text


def test_an_acronym_becomes_another_of_the_same_party(task):
    made = twin(task, "aliases")
    assert "JNIM" not in made.text
    assert at(made, "rows[0].who[0]") == ["GSIM"]


def test_typos_spare_what_is_labelled(task):
    made = twin(task, "typos")
    assert sorted(made.text) == sorted(TEXT)
    assert made.text != TEXT
    assert all(at(made, path) == at(task.documents[0], path) for path in ("rows[0].place",))


def test_a_distractor_stands_between_paragraphs(task):
    assert "\n\nThe rains are late.\n\n" in twin(task, "distractors").text


def test_paragraphs_that_stand_alone_change_places(tmp_path):
    text = "On 3 May rebels raided Kayes.\n\nCalm.\n\nOn 5 May they shelled Tillia."
    rows = [
        {"place": place, "evidence": words, "start": day, "$quotes": {"start": quote}}
        for place, words, day, quote in [
            ("Kayes", "rebels raided Kayes", "2025-05-03", "3 May"),
            ("Tillia", "shelled Tillia", "2025-05-05", "5 May"),
        ]
    ]
    made = twin(make(tmp_path, text, {"rows": rows}), "order")
    assert made.text == "On 5 May they shelled Tillia.\n\nCalm.\n\nOn 3 May rebels raided Kayes."
    assert at(made, "rows[1].place") == ["Tillia"]


@pytest.mark.parametrize("kind", ["words", "aliases", "typos", "distractors", "order"])
def test_labels_stay_where_the_change_says_nothing_else(kind):
    task = load_task("sitrep").with_text()
    made = perturb(task, 0, [kind])
    before = {document.id: document for document in task.documents}
    for document in made.documents:
        source = before[document.meta["twin"]["of"]]
        assert document.gold == source.gold
        assert document.text != source.text


@pytest.mark.parametrize("kind", ["places", "people", *KINDS])
def test_twins_of_the_shipped_task_are_as_sound_as_it_is(kind, tmp_path):
    for seed in (0, 1):
        write_task(perturb(load_task("sitrep").with_text(), seed, [kind]), tmp_path / str(seed))
        assert list(problems(load_task(tmp_path / str(seed)))) == []


def test_an_unknown_kind_is_an_error_that_names_those_there_are(task):
    with pytest.raises(UnknownNameError, match=r"unknown kind of change 'plcaes'; .* places"):
        perturb(task, 0, ["plcaes"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[swap", "not TOML"),
        ("[swap.x]\nfields = ['rows.nothing']\npool = ['a']", "no field rows.nothing"),
        ("[swap.x]\nfields = ['rows.place']\npool = 3", "a list of words is expected"),
        ("[swap.x]\nfields = ['rows.place']\npool = ['a']\nsize = 3", "a swap has no size"),
        ("[distractors]\nen = 'words'", "a list of words is expected"),
        ("swap = 3", "perturb.toml"),
    ],
)
def test_a_bad_perturb_toml_is_an_error_that_names_it(tmp_path, content, reason):
    task = make(tmp_path, perturbed=content)
    with pytest.raises(DataError, match=f"perturb.toml.*{reason}|{reason}"):
        perturb(task)


def test_without_a_perturb_toml_the_general_kinds_are_left(tmp_path):
    task = replace(make(tmp_path), folder=None)
    assert set(kinds(task)) == set(KINDS)


@given(st.data())
def test_a_stretch_that_no_edit_touches_reads_the_same_after_it(data):
    text = data.draw(st.text("abc ", min_size=1, max_size=40))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    edits = [Edit(a, b, data.draw(st.text("xyz", max_size=5))) for a, b in pairs]
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    changed, moved = apply(text, edits)
    first, last = moved(start, end)
    if not any(a < end and start < b for a, b in pairs):
        assert changed[first:last] == text[start:end]
    assert 0 <= first <= last <= len(changed)
    assert len(changed) == len(text) + sum(len(e.words) - (e.end - e.start) for e in edits)


def test_a_system_that_remembers_loses_on_counterfactual_twins_alone(task):
    twins = perturb(task, 0)
    gold = task.documents[0].gold
    remembered = {document.id: gold for document in twins.documents}
    found = differences(score(task, {"d": gold}), score(twins, remembered))
    by_kind = {one.kind: one.difference for one in found}
    assert all(by_kind[kind] < 0 for kind in ("places", "people", "figures", "dates"))
    assert all(by_kind[kind] == 0 for kind in ("words", "aliases", "typos", "distractors"))
    assert {one.documents for one in found} == {1}
    assert {one.low for one in found} == {None}


def test_the_interval_of_a_difference_is_over_pairs(task):
    documents = [replace(task.documents[0], id=str(n)) for n in range(6)]
    many = task.only(documents)
    twins = perturb(many, 0, ["places"])
    gold = documents[0].gold
    half = {d.id: gold if int(d.id[0]) % 2 else d.gold for d in twins.documents}
    (found,) = differences(score(many, {d.id: gold for d in documents}), score(twins, half))
    assert found.f1 == 1.0
    assert found.low <= found.difference <= found.high
    (row,) = difference_sheet([found]).rows
    assert re.fullmatch(r"\[-0\.\d{3}, [+-]0\.\d{3}\]", row[-1])
