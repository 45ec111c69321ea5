"""DocuBench: its files as published, and its accuracy by its own rules.

The rules, as its documentation tells them: empty strings, lists and objects are dropped; numbers
are rounded to six decimals; strings lose case, white space and punctuation. Items of a list are
paired greedily, best first, by the share of equal leaves among those that either fills, and lose
what is left over by dividing by the longer list. A document's score is the mean of its lists and
its other leaves, weighted by leaves, a system's the plain mean over documents.
"""

import json
import re
from statistics import mean

EMPTY = (None, "", [], {})


def write_folder(data, root):
    """The folder that its repository is, without the documents themselves."""
    rows = [
        {"doc_id": d["id"], **{key: d[key] for key in ("name", "lang", "ftype")}}
        for d in data["documents"]
    ]
    files = {"sources.json": rows}
    for document in data["documents"]:
        file = f"{document['id']}.json"
        files |= {f"schemas/{file}": document["schema"], f"labels/{file}": document["label"]}
        for system, result in document["results"].items():
            envelope = {key: result[key] for key in ("status", "cost", "time_sec", "data")}
            files[f"results/{system}/{file}"] = envelope
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return root


def accuracy(schema, label, answer):
    """The score of one answer by DocuBench's rules."""
    label, answer = _comparable(label), _comparable(answer)
    lists, leaves = _places(schema)
    parts = [_list_score(_items(label, path), _items(answer, path)) for path in lists]
    pairs = [(_at(label, path), _at(answer, path)) for path in leaves]
    filled = [pair for pair in pairs if pair[0] not in EMPTY or pair[1] not in EMPTY]
    if filled:
        parts.append((mean(a == b for a, b in filled), len(filled)))
    total = sum(weight for _, weight in parts)
    return sum(score * weight for score, weight in parts) / total if total else 1.0


def _comparable(value):
    """A value as it is compared, without what is empty."""
    if isinstance(value, dict):
        return {name: _comparable(inner) for name, inner in value.items() if not _vanishes(inner)}
    if isinstance(value, list):
        return [_comparable(inner) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\W", "", re.sub(r"\s+", "", value).lower())
    return value if isinstance(value, bool) or value is None else round(float(value), 6)


def _vanishes(value):
    """Whether nothing is left of the value of a property once what is empty is dropped."""
    if isinstance(value, dict):
        return all(map(_vanishes, value.values()))
    return value in ("", [])


def _places(schema, path=()):
    """The paths of the lists that are in no other list, and of the other leaves."""
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "array" in kinds:
        return [path], []
    if "object" not in kinds or "properties" not in schema:
        return [], [path]
    below = [_places(inner, (*path, name)) for name, inner in schema["properties"].items()]
    return [p for lists, _ in below for p in lists], [p for _, leaves in below for p in leaves]


def _at(value, path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _items(value, path):
    items = _at(value, path)
    return items if isinstance(items, list) else []


def _list_score(label, answer):
    """The score of a list and its weight: its leaves, as many as an item of the label has."""
    longer = max(len(label), len(answer))
    width = mean([max(1, _filled(item)) for item in label] or [1])
    if not label or not answer:
        return float(not longer), longer * width
    likeness = sorted(
        ((_likeness(a, b), i, j) for i, a in enumerate(label) for j, b in enumerate(answer)),
        key=lambda pair: -pair[0],
    )
    total, used, taken = 0.0, set(), set()
    for share, i, j in likeness:
        if i not in used and j not in taken:
            total, used, taken = total + share, used | {i}, taken | {j}
    return total / longer, longer * width


def _leaves(item, path=()):
    """An item's leaves by their paths; a list in it is one."""
    if not isinstance(item, dict):
        return {path: item}
    found = {}
    for name, value in item.items():
        if isinstance(value, dict):
            found |= _leaves(value, (*path, name))
        else:
            is_list = isinstance(value, list)
            found[*path, name] = json.dumps(value, sort_keys=True) if is_list else value
    return found


def _filled(item):
    return sum(value not in EMPTY for value in _leaves(item).values())


def _likeness(label, answer):
    label, answer = _leaves(label), _leaves(answer)
    pairs = [(label.get(path), answer.get(path)) for path in label.keys() | answer.keys()]
    filled = [pair for pair in pairs if pair[0] not in EMPTY or pair[1] not in EMPTY]
    return mean(a == b for a, b in filled) if filled else 1.0
