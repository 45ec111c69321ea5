"""The data of GTT as a task of ours: one table of templates, a bag for each role.

A type of gold such as "attack / bombing" accepts each of its words, as the metric of GTT does by
asking for a part of its text.
"""

from gtt import TYPE
from role_fillers import bags, first_mentions, other_mentions

from benchmark import Document, Task, score


def scored(gold, predicted, gate):
    """The score of a system. `gate`: templates are paired only if their types agree, as in GTT;
    otherwise agreement on a type or on any entity will do, which is our default."""
    documents = tuple(_document(name, templates) for name, templates in gold.items())
    predictions = {name: _content(templates) for name, templates in predicted.items()}
    return score(Task("gtt", _schema(gate), documents), predictions)


def _schema(gate):
    kind = {"type": "string", "x-compare": {"by": "exact", "key": gate}}
    template = {"type": "object", "properties": {TYPE: kind, **bags("exact")}}
    return {"type": "object", "properties": {"templates": {"type": "array", "items": template}}}


def _content(templates):
    return {"templates": [{TYPE: one[TYPE], **first_mentions(one)} for one in templates]}


def _document(name, templates):
    alternatives = {}
    for n, template in enumerate(templates):
        alternatives[f"templates[{n}].{TYPE}"] = template[TYPE].replace("/", " ").split()
        alternatives |= other_mentions(template, f"templates[{n}].")
    return Document(name, _content(templates), alternatives=alternatives)
