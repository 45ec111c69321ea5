"""The figures that are held against MUC-4's official ones: decisions, pairs and ranks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from muc4_history import with_matches
from muc4_official import Pair, by_number
from muc4_reader import SLOTS, Template
from muc4_task import key_task, pair_predictions, pair_task, prediction
from scipy.stats import spearmanr

from benchmark import Counts, Outcome, Score, score

Key = Mapping[str, list[Template]]
Responses = Mapping[str, Key]
TemplatePair = tuple[str, str, str, str]
"""System, document, number of the key template, number of the response template."""


VARIANTS: dict[str, dict[str, bool]] = {
    "shipped": {"shipped": True},
    "shipped+people": {"shipped": True, "matches": True},
    "muc4": {},
    "muc4+people": {"matches": True},
}
"""Whose comparators, and whether the matches that people decided are accepted too."""


class Decision(NamedTuple):
    """What two scorers made of one slot of one template pair, as counts by outcome."""

    pair: Pair
    slot: str
    official: Counter[str]
    ours: Counter[str]


def decisions(key: Key, responses: Responses, pairs: Sequence[Pair]) -> list[Decision]:
    """Every slot of every official template pair, scored by Fieldmark given that pairing."""
    keys = [_template(key[pair.document], pair.key) for pair in pairs]
    answers = [_template(_answers(responses, pair), pair.response) for pair in pairs]
    result = score(pair_task(keys), pair_predictions(answers))
    return [
        Decision(pair, slot, _official(pair, slot), _ours(result, row, slot))
        for row, pair in enumerate(pairs)
        for slot in SLOTS
    ]


def _answers(responses: Responses, pair: Pair) -> list[Template]:
    return responses[pair.system].get(pair.document, [])


def _template(templates: list[Template], number: str | None) -> Template | None:
    return by_number(templates)[number] if number else None


def _official(pair: Pair, slot: str) -> Counter[str]:
    counts = pair.rows.get(slot, Counter())  # no row: an optional template without a response
    return +Counter({outcome.name: counts[outcome.name] for outcome in Outcome})


def _ours(result: Score, row: int, slot: str) -> Counter[str]:
    counts = result.counts[row, result.fields.index(f"templates.{slot}")].tolist()
    return +Counter({outcome.name: counts[outcome] for outcome in Outcome})


def counts_of(made: Sequence[Decision], system: str) -> Counts:
    """The sum of one system's decisions, as Fieldmark made them."""
    total: Counter[str] = Counter()
    for decision in made:
        if decision.pair.system == system:
            total += decision.ours
    return Counts(*(total[outcome.name] for outcome in Outcome))


@dataclass
class Figures:
    """Fieldmark's own scoring of all systems: micro counts, and the pairs of templates."""

    counts: dict[str, Counts] = field(default_factory=dict)
    pairs: set[TemplatePair] = field(default_factory=set)


def figures(
    key: Key, responses: Responses, shipped: bool = False, matches: bool = False
) -> Figures:
    """`shipped`: with Fieldmark's own comparators alone. `matches`: accepting also what people
    called a match."""
    task = key_task(with_matches(key) if matches else key, shipped)
    made = Figures()
    for system, documents in responses.items():
        predictions = {name: prediction(found, shipped) for name, found in documents.items()}
        result = score(task, predictions)
        made.counts[system] = result.micro()
        for document, found in documents.items():
            if found and key[document]:
                for numbers in _paired(result, document, key[document], found):
                    made.pairs.add((system, document, *numbers))
    return made


def _paired(
    result: Score, document: str, keys: list[Template], found: list[Template]
) -> list[tuple[str, str]]:
    """The numbers of the templates that Fieldmark paired in one document."""
    _, _, paired, _ = result.records[result.documents.index(document), 0].tolist()
    if paired == 0 or len(keys) == len(found) == 1:  # most documents: no choice to look up
        return [(keys[0].number, found[0].number)] * paired
    return [
        (keys[_index(pairing.gold.path)].number, found[_index(pairing.predicted.path)].number)
        for pairing in result.verdicts(document).pairings
        if pairing.gold and pairing.predicted
    ]


def _index(path: str) -> int:
    """templates[3] -> 3"""
    return int(path.removeprefix("templates[").removesuffix("]"))


def official_pairs(pairs: Sequence[Pair]) -> set[TemplatePair]:
    """The pairs of two templates; three stand twice in the official report."""
    return {
        (pair.system, pair.document, pair.key, pair.response)
        for pair in pairs
        if pair.key and pair.response
    }


def f1(counts: Counts, partial: bool) -> float:
    """In percent, as MUC-4 prints it."""
    rate = (counts.partial if partial else counts.strict).f1
    return 100 * rate if rate is not None else 0.0


def correlation(ours: Mapping[str, float], official: Mapping[str, float]) -> float:
    """Spearman's rank correlation over the systems."""
    systems = sorted(official)
    return float(spearmanr([ours[s] for s in systems], [official[s] for s in systems]).statistic)
