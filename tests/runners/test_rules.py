"""The rule-based extractor, rule by rule of the codebook, on invented sentences."""

import pytest

JNIM = "Jama'at Nusrat al-Islam wal-Muslimin"
ARMY = "Malian Armed Forces"


def test_parts_of_a_figure_are_no_records(rules):
    """G4: "six children among them"."""
    (event,) = rules(
        "Gunmen attacked the village of Tondi in Mali, killing 20 people, including six children."
    )["events"]
    assert [row["low"] for row in event["casualties"]] == [20]


@pytest.mark.parametrize(
    ("text", "initiators", "targets"),
    [
        ("JNIM attacked soldiers in Tondi, Mali.", [JNIM], [ARMY]),
        ("Malian soldiers were attacked by JNIM fighters in Tondi.", [JNIM], [ARMY]),
        ("Troops killed 12 terrorists near Tondi in Mali.", [ARMY], ["jihadist militants"]),
        (
            "Gunmen ambushed a Togolese army patrol in Tondi, Togo.",
            ["unidentified gunmen"],
            ["Togolese Armed Forces"],
        ),
        (
            "Al-Qaeda-linked militants stormed the town of Tondi in Mali.",
            ["jihadist militants"],
            [],
        ),
        ("Police arrested five suspects in Tondi, Mali.", ["police"], ["suspects"]),
        (
            "The army repelled an attack by jihadists on Tondi in Mali.",
            ["jihadist militants"],
            [ARMY],
        ),
    ],
)
def test_parties(rules, text, initiators, targets):
    """N1, N2, N5: names, the army of the state concerned, fixed words; roles by voice."""
    (event,) = rules(text)["events"]
    assert (event["initiators"], event["targets"]) == (initiators, targets)


@pytest.mark.parametrize(
    ("text", "kind", "outcome"),
    [
        ("JNIM captured the town of Tondi in Mali.", "armed_clash", "captured"),
        ("Malian troops retook the town of Tondi.", "armed_clash", "retaken"),
        ("Malian troops repelled an attack on Tondi.", "armed_clash", "repelled"),
        ("A roadside bomb exploded near Tondi in Mali, wounding two soldiers.", "explosion", None),
        ("A drone strike on Tondi in Mali killed three terrorists.", "air_strike", None),
        ("Gunmen kidnapped two aid workers in Tondi, Mali.", "abduction", None),
        ("Gunmen shot dead four traders in Tondi, Mali.", "violence_against_civilians", None),
        ("Militants burned houses in Tondi, Mali.", "destruction", None),
        ("JNIM freed two hostages in Tondi, Mali.", "other", None),
    ],
)
def test_types_and_outcomes(rules, text, kind, outcome):
    (event,) = rules(text)["events"]
    assert (event["event_type"], event["outcome"], event["country"]) == (kind, outcome, "MLI")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Jihadists attacked the Tondi military base in Mali.", ["Tondi"]),
        ("Jihadists attacked Tondi, Sirba and Kolo in Mali.", ["Tondi", "Sirba", "Kolo"]),
        ("Jihadists attacked the village of Tondi, 40 km north of Gao, in Mali.", ["Tondi"]),
        ("In Mali's Mopti region, jihadists attacked the town of Tin-Zaba.", ["Tin-Zaba"]),
        (
            "Jihadists attacked several towns in Mali, including Tondi and Sirba.",
            ["Tondi", "Sirba"],
        ),
        ("Jihadists attacked Tondi in Mali on a Friday in Ramadan.", ["Tondi"]),
    ],
)
def test_places(rules, text, places):
    """One event per named place, the most specific one, without its site (G3)."""
    assert [event["place"] for event in rules(text)["events"]] == places


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("Jihadists attacked Tondi in Mali, the army said on Monday.", [ARMY]),
        ("According to residents, jihadists attacked Tondi in Mali.", ["residents"]),
        ("Jihadists attacked Tondi in Mali, army spokesman Colonel Ali Keita told AFP.", [ARMY]),
        ("Jihadists reportedly attacked Tondi in Mali.", []),
        (
            "The Malian army has reported several victories. Troops killed 12 terrorists in Tondi.",
            [ARMY],
        ),
        ("JNIM claimed to have killed 12 soldiers in Tondi, Mali.", [JNIM]),
    ],
)
def test_attribution(rules, text, sources):
    """N3: spokespeople for their party, relays for nobody, lead-ins to the paragraph's end."""
    (event,) = rules(text)["events"]
    assert event["sources"] == sources


@pytest.mark.parametrize(
    "text",
    [
        "JNIM threatened to attack Tondi in Mali.",
        "The army denied that soldiers killed civilians in Tondi, Mali.",
        "Jihadists could attack Tondi in Mali.",
        "The curfew in Tondi, Mali, was lifted on Monday.",
        "Read more: Jihadists attacked Tondi in Mali.",
        "The rains were good in Tondi, Mali, the mayor said.",
    ],
)
def test_what_is_no_record(rules, text):
    """G6 and G8: planned, denied and lifted things, and site furniture."""
    report = rules(text)
    assert not report["events"]
    assert not report["tallies"]
    assert not report["measures"]


def test_things_are_tallies_by_kind(rules):
    """G4: each kind of thing seized is its own tally."""
    report = rules(
        "Malian troops killed 12 terrorists in Tondi on 4 March 2024. Weapons, "
        "ammunition and six motorcycles were recovered."
    )
    assert [
        (row["what"], row["outcome"], row["low"], row["bound"]) for row in report["tallies"]
    ] == [
        ("weapon", "seized", None, "vague"),
        ("ammunition", "seized", None, "vague"),
        ("motorcycle", "seized", 6, "exact"),
    ]
    assert {(*row["by"], *row["places"], row["start"]) for row in report["tallies"]} == {
        (ARMY, "Tondi", "2024-03-04")
    }


def test_a_figure_of_several_events_is_a_tally(rules):
    report = rules(
        "JNIM attacked Tondi, Sirba and Kolo in Mali on 4 March 2024, killing at least 30 soldiers."
    )
    (row,) = report["tallies"]
    assert all(not event["casualties"] for event in report["events"])
    assert (row["what"], row["low"], row["places"]) == (ARMY, 30, ["Tondi", "Sirba", "Kolo"])


def test_since_a_year(rules):
    (row,) = rules("More than 3,000 civilians have been killed in Mali since 2019.")["tallies"]
    assert (row["start"], row["end"], row["low"]) == ("2019-01-01", None, 3000)


def test_curfew(rules):
    (row,) = rules(
        "The governor of Tondi, in Mali, imposed a 30-day curfew from 9 p.m. to 6 a.m. "
        "on 4 March 2024."
    )["measures"]
    del row["evidence"]
    assert row == {
        "kind": "curfew",
        "place": "Tondi",
        "country": "MLI",
        "start": "2024-03-04",
        "duration_days": 30,
        "night_only": True,
        "imposed_by": "authorities in Tondi",
    }


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            '"We won," said General Ali Keita, the chief of staff of the Malian Armed Forces.',
            ("Ali Keita", "General", "chief of staff", ARMY),
        ),
        (
            "Government spokesman Issa Maiga said the town was calm.",
            ("Issa Maiga", None, "Government spokesman", None),
        ),
        (
            "The war will spread, according to Ann Berg, a researcher at the Peace Institute.",
            ("Ann Berg", None, "researcher", "Peace Institute"),
        ),
    ],
)
def test_speakers(rules, text, speaker):
    (row,) = rules(text)["speakers"]
    assert (row["name"], row["title"], row["role"], row["organisation"]) == speaker
