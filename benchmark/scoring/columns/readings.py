"""Other readings of gold records: values that belong together and are accepted together.

Gold accepts a record as it stands, and with each of some objects laid over it. Each of these is
read as a record of its own, which stands behind the one that it is a reading of; of all of them one
counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmark.schema.fields import Json, Record
from benchmark.schema.paths import Steps


class Reading(dict[str, Json]):
    """Another reading of the record before it in its array: the record with `overlay` laid over
    it."""

    def __init__(self, record: Mapping[str, Json], overlay: Mapping[str, Json]) -> None:
        super().__init__(record)
        self.overlay = overlay


def with_readings(gold: Json, others: Mapping[Steps, Sequence[Mapping[str, Json]]]) -> Json:
    """A copy of gold with the other readings of its records behind them.

    gold: a document as the field tree takes it. others: by the steps to a record, the objects that
    are laid over it. What leads to no record is left out.
    """
    gold = _copied(gold)
    # The deepest first: a record is copied with the readings of the records in it.
    for steps in sorted(others, key=len, reverse=True):
        array, record = _find(gold, steps)
        if array is not None:
            at = next(n for n, element in enumerate(array) if element is record)
            array[at + 1 : at + 1] = [
                Reading(_laid_over(_copied(record), overlay), overlay) for overlay in others[steps]
            ]
    return gold


def unknown_names(tree: Record, overlay: Mapping[str, Json], steps: Steps = ()) -> list[str]:
    """The names in an overlay, and in the objects in it, that a record does not have."""
    names = [name for name in overlay if name not in tree.known[steps]]  # type: ignore[index]
    for name, value in overlay.items():
        if isinstance(value, Mapping) and (*steps, name) in tree.known:
            names += unknown_names(tree, value, (*steps, name))
    return names


def states(overlay: Json, steps: Sequence[str]) -> bool:
    """Whether an overlay says what stands at some steps in its record."""
    for step in steps:
        if not isinstance(overlay, Mapping):
            return True  # of an object in the way it says that there is none
        if step not in overlay:
            return False
        overlay = overlay[step]
    return True


def _laid_over(record: dict[str, Json], overlay: Mapping[str, Json]) -> dict[str, Json]:
    """A record with the values of an overlay in the place of its own (a merge patch, RFC 7396)."""
    for name, value in overlay.items():
        own = record.get(name)
        if isinstance(value, Mapping) and isinstance(own, dict):
            record[name] = _laid_over(own, value)
        else:
            record[name] = value
    return record


def _find(gold: Json, steps: Steps) -> tuple[list[Json] | None, dict[str, Json]]:
    """The record that steps lead to, and the array in which it stands; no array, if none does."""
    array, value = None, gold
    for step in steps:
        if isinstance(step, str):
            array, value = None, value.get(step) if isinstance(value, dict) else None
        else:
            array = value if isinstance(value, list) else None
            stated = [element for element in array or () if not isinstance(element, Reading)]
            value = stated[step] if step < len(stated) else None
    return (array, value) if isinstance(value, dict) else (None, {})


def _copied(value: Json) -> Json:
    if isinstance(value, dict):
        copied = {name: _copied(child) for name, child in value.items()}
        return Reading(copied, value.overlay) if isinstance(value, Reading) else copied
    return [_copied(child) for child in value] if isinstance(value, list) else value
