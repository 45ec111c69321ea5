"""Records of two sides -> the best one-to-one pairing.

The pairing is optimal at every size. It depends on the content of the records, never on the order
in which they stand, and is the same whichever side is called gold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

import numpy as np

Pair = tuple[int, int]
Content = tuple[str, list[str]]
"""What tells two things of one side apart: by what is scored, then by what is not."""


def best_pairing(
    weights: Mapping[Pair, int],
    gold_content: Callable[[int], Content],
    predicted_content: Callable[[int], Content],
) -> list[Pair]:
    """The pairs (gold index, predicted index) of highest total weight, sorted.

    `weights` holds the allowed pairs, each with a weight above 0; the contents break ties.
    """
    pairs: list[Pair] = []
    for golds, predictions in _components(weights):
        if len(golds) == len(predictions) == 1:
            pairs.append((golds[0], predictions[0]))
            continue
        sorted_golds = sorted((gold_content(i), i) for i in golds)
        sorted_predictions = sorted((predicted_content(j), j) for j in predictions)
        pairs += _solve(weights, sorted_golds, sorted_predictions)
    return sorted(pairs)


def _components(weights: Mapping[Pair, int]) -> Iterator[tuple[list[int], list[int]]]:
    """Groups of indexes that allowed pairs connect. Each is solved alone, so that a record which
    agrees with nothing can't sway how the others are paired."""
    predictions_of: dict[int, list[int]] = defaultdict(list)
    golds_of: dict[int, list[int]] = defaultdict(list)
    for gold, predicted in weights:
        predictions_of[gold].append(predicted)
        golds_of[predicted].append(gold)
    seen: set[int] = set()
    for start in predictions_of:
        if start in seen:
            continue
        golds, predictions, queue = [start], set[int](), [start]
        seen.add(start)
        while queue:
            for predicted in predictions_of[queue.pop()]:
                if predicted in predictions:
                    continue
                predictions.add(predicted)
                new = [gold for gold in golds_of[predicted] if gold not in seen]
                seen.update(new)
                golds += new
                queue += new
        yield golds, list(predictions)


def _solve(
    weights: Mapping[Pair, int],
    golds: list[tuple[Content, int]],
    predictions: list[tuple[Content, int]],
) -> list[Pair]:
    """Jonker-Volgenant on the dense weights. Rows are the side whose contents sort first, so that
    the solver sees the same matrix, and breaks ties alike, when the sides are swapped."""
    import lap

    swapped = [scored for (scored, _), _ in predictions] < [scored for (scored, _), _ in golds]
    rows, columns = (predictions, golds) if swapped else (golds, predictions)
    costs = np.zeros((len(rows), len(columns)))
    for row, (_, r) in enumerate(rows):
        for column, (_, c) in enumerate(columns):
            costs[row, column] = -weights.get((c, r) if swapped else (r, c), 0)
    chosen = zip(*lap.lapjvr(costs, extend_cost=True, return_cost=False), strict=True)
    named = [(rows[row][1], columns[column][1]) for row, column in chosen if costs[row, column]]
    return [(b, a) for a, b in named] if swapped else named
