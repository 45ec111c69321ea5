"""Made-up gold and predictions for the benchmarks: as large as one likes, alike in every run.

`flat`: one table of eleven fields. `statement`: one of a long text and a number. `sitrep`: the
shipped schema, with nested tables, alternatives and optional records. The predictions are the gold
with mistakes: records missed and invented, values changed, left out or misspelt. Records of one
document draw on few dates, places and actors, as those of real reports do, so that wrong pairs
agree on some fields as well.
"""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

Json = dict[str, Any]
Pair = tuple[Json, Json]
"""The gold of a document, as a line of a gold file, and its prediction."""

_SOUNDS = "ba di fo gu ka le mo ni ra so ta wa yo zan kor bel dour tim gao seg"
_REPORT = (
    "armed men on motorbikes entered the village before dawn and fired at the post near the "
    "market while residents fled towards the river road convoy soldiers returned later that "
    "day with two vehicles of which one struck a mine local officials said without giving a "
    "toll for the attack"
)
SYLLABLES, WORDS = _SOUNDS.split(), _REPORT.split()
KINDS = tuple(f"kind_{n}" for n in range(20))
NOISE = 0.25
"""How often a field of a prediction is wrong; records are missed and invented half as often."""


def _nullable(kind: str) -> Json:
    return {"anyOf": [{"type": kind}, {"type": "null"}]}


_NAMES = {"type": "array", "items": {"type": "string"}, "x-compare": {"by": "name"}}
_EVENT: Json = {
    "kind": {"type": "string", "enum": list(KINDS)},
    "day": {"type": "string", "format": "date"},
    "low": _nullable("integer"),
    "high": _nullable("integer"),
    "places": _NAMES,
    "actors": _NAMES,
    "targets": _NAMES,
    "weapons": _NAMES,
    "text": {"type": "string", "x-compare": {"by": "fuzzy", "accept": 0.9, "partial": 0.6}},
    "claimed": _nullable("boolean"),
    "source": {"type": "string"},
}
FLAT: Json = {
    "type": "object",
    "properties": {"events": {"type": "array", "items": {"type": "object", "properties": _EVENT}}},
}


_ROW: Json = {"text": _EVENT["text"], "amount": {"type": "number"}}
STATEMENT: Json = {
    "type": "object",
    "properties": {"rows": {"type": "array", "items": {"type": "object", "properties": _ROW}}},
}


class _Story:
    """What the records of one document draw on."""

    def __init__(self, rng: random.Random, records: int) -> None:
        self.rng = rng
        first = date(2021, 1, 1) + timedelta(rng.randrange(1000))
        size = max(6, records)
        self.days = [str(first + timedelta(rng.randrange(30))) for _ in range(max(4, records // 2))]
        self.kinds = rng.sample(KINDS, 6)
        self.places = [_name("place", rng.randrange(4000)) for _ in range(size)]
        self.actors = [_name("actor", rng.randrange(800)) for _ in range(max(6, records // 2))]
        self.sources = [_name("source", rng.randrange(60)) for _ in range(3)]

    def some(self, pool: list[str], sizes: tuple[int, ...]) -> list[str]:
        return sorted(set(self.rng.choices(pool, k=self.rng.choice(sizes))))

    def event(self) -> Json:
        rng = self.rng
        low = None if rng.random() < 0.25 else min(int(rng.expovariate(0.35)), 200)
        return {
            "kind": rng.choice(self.kinds),
            "day": rng.choice(self.days),
            "low": low,
            "high": None if low is None else low + rng.choice((0, 0, rng.randint(1, 10))),
            "places": self.some(self.places, (1, 1, 2, 3)),
            "actors": self.some(self.actors, (1, 2, 2, 3)),
            "targets": sorted(
                _name("target", rng.randrange(200)) for _ in range(rng.choice((1, 2)))
            ),
            "weapons": sorted(
                _name("arm", rng.randrange(30)) for _ in range(rng.choice((0, 1, 2)))
            ),
            "text": " ".join(rng.choices(WORDS, k=rng.randint(8, 24))),
            "claimed": rng.choice((True, False, False, None)),
            "source": rng.choice(self.sources),
        }

    def report_event(self) -> Json:
        rng, day = self.rng, self.rng.choice(self.days)
        casualties = [
            {
                "group": rng.choice(("civilians", "soldiers", "militants")),
                "harm": rng.choice(("killed", "injured", "captured")),
                "low": (low := rng.randrange(40)),
                "high": rng.choice((low, None)),
                "bound": rng.choice(("exact", "at_least", "about")),
                "source": rng.choice((*self.sources, None)),
            }
            for _ in range(rng.choice((0, 1, 1, 2)))
        ]
        return {
            "event_type": rng.choice(("armed_clash", "explosion", "air_strike", "abduction")),
            "place": rng.choice(self.places),
            "country": rng.choice(("MLI", "NER", "BFA")),
            "start": day,
            "end": day,
            "initiators": self.some(self.actors, (1, 1, 2)),
            "targets": self.some(self.actors, (1, 1, 2)),
            "outcome": None,
            "weapons": [_name("arm", rng.randrange(30)) for _ in range(rng.choice((0, 1)))],
            "casualties": casualties,
            "claimed_by": self.some(self.actors, (0, 1)),
            "sources": self.some(self.sources, (1, 2)),
            "evidence": " ".join(rng.choices(WORDS, k=12)),
        }


@cache
def _name(kind: str, number: int) -> str:
    rng = random.Random(f"{kind}{number}")
    words = [
        "".join(rng.choices(SYLLABLES, k=rng.randint(1, 3))) for _ in range(rng.choice((1, 2)))
    ]
    return " ".join(words).title()


def _misspelt(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("aeiou") + text[at:]


def _changed(rng: random.Random, name: str, value: Any, another: Any) -> Any:
    """A wrong value in place of one."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_mistaken(rng, one, one) for one in value]
    if isinstance(value, list):
        return value[1:] if rng.random() < 0.4 else [*value, *another]
    if name in ("text", "place", "source", "evidence") and value:
        return _misspelt(rng, value)
    return another


def _mistaken(rng: random.Random, record: Json, another: Json) -> Json:
    return {
        name: _changed(rng, name, value, another[name]) if rng.random() < NOISE else value
        for name, value in record.items()
    }


def _predicted(rng: random.Random, gold: list[Json], make: Callable[[], Json]) -> list[Json]:
    kept = [_mistaken(rng, one, make()) for one in gold if rng.random() >= NOISE / 2]
    found = kept + [make() for _ in gold if rng.random() < NOISE / 2]
    rng.shuffle(found)
    return found


def flat(documents: int, records: int = 12, seed: int = 7) -> Iterator[Pair]:
    """Documents of one table."""
    for number in range(documents):
        rng = random.Random(f"flat {seed} {number} {records}")
        story = _Story(rng, records)
        spread = records // 4 if records > 3 else 0
        gold = [story.event() for _ in range(records + rng.randint(-spread, spread))]
        predicted = _predicted(rng, gold, story.event)
        yield (
            {"id": f"d{number:06}", "gold": {"events": gold}},
            {"id": f"d{number:06}", "prediction": {"events": predicted}},
        )


def statement(records: int, seed: int = 7) -> Pair:
    """One document, of records without a key."""
    rng = random.Random(f"statement {seed} {records}")
    words = [_name("word", number) for number in range(300)]

    def make() -> Json:
        return {"text": " ".join(rng.choices(words, k=15)), "amount": rng.randrange(500) / 10}

    gold = [make() for _ in range(records)]
    predicted = {"rows": _predicted(rng, gold, make)}
    return {"id": "d", "gold": {"rows": gold}}, {"id": "d", "prediction": predicted}


def sitrep(documents: int, events: int = 12, seed: int = 7) -> Iterator[Pair]:
    """Situation reports; every other event accepts another place, or may be left out."""
    for number in range(documents):
        rng = random.Random(f"sitrep {seed} {number} {events}")
        story = _Story(rng, events)
        spread = events // 4
        gold = [story.report_event() for _ in range(events + rng.randint(-spread, spread))]
        predicted = _predicted(rng, gold, story.report_event)
        whole: Json = {"tallies": [], "measures": [], "speakers": []}
        yield (
            {
                "id": f"d{number:06}",
                "gold": {"events": gold, **whole},
                "alternatives": {
                    f"events[{n}].place": [rng.choice(story.places)] for n in range(0, len(gold), 2)
                }
                | {f"events[{n}].sources": [[]] for n in range(0, len(gold), 4)},
                "optional": [f"events[{n}]" for n in range(1, len(gold), 6)],
            },
            {"id": f"d{number:06}", "prediction": {"events": predicted, **whole}},
        )


def write(folder: Path, pairs: Iterable[Pair], schema: Json) -> Path:
    """gold.jsonl, predictions.jsonl and schema.json."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.json").write_text(json.dumps(schema), "utf-8")
    gold, predictions = folder / "gold.jsonl", folder / "predictions.jsonl"
    with gold.open("w", encoding="utf-8") as g, predictions.open("w", encoding="utf-8") as p:
        for one, other in pairs:
            g.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n")
            p.write(json.dumps(other, ensure_ascii=False, separators=(",", ":")) + "\n")
    return folder


def shared() -> ModuleType | None:
    """A workload from outside that others measure with as well, if it is there: its write(outdir,
    docs, records, noise, seed) makes gold.jsonl, pred.jsonl and schema.json."""
    path = Path(__file__).parents[3] / "shared/bench/workload.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("shared_workload", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
