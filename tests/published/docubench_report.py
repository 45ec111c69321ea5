"""Print the figures of docs/published-scores/docubench.md from a clone of DocuBench:

python tests/published/docubench_report.py CLONE
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import docubench
import numpy as np
from scipy.stats import kendalltau, permutation_test

from benchmark import Score, load_task, read_predictions, score
from benchmark.imports.files import find_files
from benchmark.imports.layouts import LAYOUTS
from benchmark.imports.task_folder import write_task_folder
from benchmark.statistics.significance import holm

MEASURES = ("accuracy", "mean F1")
RESAMPLES = 99_999
APART = 3
"""Documents that are shown as those on which the scorers differ most."""


@dataclass(frozen=True)
class Scored:
    """Both scores of one system: DocuBench's accuracy and our F1, by document, and our score."""

    accuracy: Mapping[str, float]
    f1: Mapping[str, float]
    score: Score

    def mean(self, measure: str) -> float:
        return float(np.mean(list(self.by_document(measure).values())))

    def by_document(self, measure: str) -> Mapping[str, float]:
        return self.accuracy if measure == "accuracy" else self.f1


def read_scores(clone: Path) -> dict[str, Scored]:
    """Every system of a clone, by both scorers, the best accuracy first."""
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / "docubench"
        write_task_folder(find_files(clone, LAYOUTS["docubench"]), ("data",), folder)
        task = load_task(folder)
        schemas = {
            d.id: json.loads((clone / "schemas" / f"{d.id}.json").read_text("utf-8"))
            for d in task.documents
        }
        scores = {}
        for file in sorted((folder / "predictions").iterdir()):
            predictions = read_predictions(file)
            ours = score(task, predictions)
            scores[file.stem] = Scored(
                accuracy={
                    d.id: docubench.accuracy(schemas[d.id], d.gold, predictions[d.id])
                    for d in task.documents
                },
                f1={d.id: ours.micro_of([d.id]).strict.f1 or 0.0 for d in task.documents},
                score=ours,
            )
    return dict(sorted(scores.items(), key=lambda item: -item[1].mean("accuracy")))


def systems(scores: Mapping[str, Scored]) -> list[tuple[Any, ...]]:
    """Accuracy, and our mean F1 over documents and micro P, R and F1, of each system."""
    rows = []
    for name, one in scores.items():
        micro = one.score.micro().strict
        ours = (micro.precision, micro.recall, micro.f1)
        figures = (one.mean("accuracy"), one.mean("mean F1"), *ours)
        rows.append((name, *(f"{figure:.4f}" for figure in figures if figure is not None)))
    return rows


def taus(scores: Mapping[str, Scored]) -> dict[str, float]:
    """Kendall's tau of our two headlines with the accuracy, over the systems."""
    accuracy = [one.mean("accuracy") for one in scores.values()]
    ours = {
        "mean F1": [one.mean("mean F1") for one in scores.values()],
        "micro F1": [one.score.micro().strict.f1 for one in scores.values()],
    }
    return {name: float(kendalltau(accuracy, f1).statistic) for name, f1 in ours.items()}


def pairs(scores: Mapping[str, Scored]) -> dict[tuple[str, str], list[tuple[float, float]]]:
    """The difference of every two systems, and p after Holm, by each measure."""
    names = list(combinations(scores, 2))
    found: dict[tuple[str, str], list[tuple[float, float]]] = {pair: [] for pair in names}
    for measure in MEASURES:
        apart = [_apart(scores[a], scores[b], measure) for a, b in names]
        ps, _ = holm([_p(differences) for differences in apart])
        for pair, differences, p in zip(names, apart, ps, strict=True):
            found[pair].append((float(np.mean(differences)), p))
    return found


def _apart(first: Scored, second: Scored, measure: str) -> Any:
    before, after = (one.by_document(measure) for one in (first, second))
    return np.array([before[document] - after[document] for document in before])


def _p(differences: Any) -> float:
    """Paired randomisation, two-sided: the systems' scores of a document change places."""
    test = permutation_test(
        (differences, np.zeros_like(differences)),
        lambda a, b, axis: np.mean(a - b, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        batch=10_000,
        rng=np.random.default_rng(0),
    )
    return float(test.pvalue)


def furthest(scores: Mapping[str, Scored]) -> list[str]:
    """The documents on which the two scores of a system differ most, in the mean over systems."""
    documents = next(iter(scores.values())).f1
    apart = {
        d: np.mean([abs(one.accuracy[d] - one.f1[d]) for one in scores.values()]) for d in documents
    }
    return sorted(documents, key=lambda d: -apart[d])[:APART]


def report(scores: Mapping[str, Scored]) -> Iterator[str]:
    """The lines of all tables."""
    yield from _table(("system", *MEASURES, "micro P", "micro R", "micro F1"), systems(scores))
    for name, tau in taus(scores).items():
        yield f"  Kendall's tau of {name} with accuracy: {tau:.3f}"
    yield ""
    rows = [
        (f"{a} - {b}", *(cell for d, p in both for cell in (f"{d:+.4f}", f"{p:.4f}")))
        for (a, b), both in pairs(scores).items()
    ]
    yield from _table(("pair", "accuracy", "Holm p", "mean F1", "Holm p"), rows)
    cells = [
        (
            f"{document} {measure.removeprefix('mean ')}",
            *(f"{o.by_document(measure)[document]:.4f}" for o in scores.values()),
        )
        for document in furthest(scores)
        for measure in MEASURES
    ]
    yield from _table(("document", *scores), cells)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for first, *rest in lines:
        cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
        yield "  ".join(("  " + first.ljust(widths[0]), *cells))
    yield ""


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.writelines(f"{line}\n" for line in report(read_scores(Path(sys.argv[1]))))
