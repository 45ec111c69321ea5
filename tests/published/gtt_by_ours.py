"""The data of GTT as a task of ours: one table of templates, a bag for each role.

An entity of gold is its first mention, and the others are alternatives; a type such as "attack /
bombing" accepts each of its words, as the metric of GTT does by asking for a part of its text.
"""

from gtt import ROLES, TYPE

from benchmark import Document, Task, score


def scored(gold, predicted, gate):
    """The score of a system. `gate`: templates are paired only if their types agree, as in GTT;
    otherwise agreement on a type or on any entity will do, which is our default."""
    documents = tuple(_document(name, templates) for name, templates in gold.items())
    predictions = {
        name: {"templates": [_first_mentions(one) for one in templates]}
        for name, templates in predicted.items()
    }
    return score(Task("gtt", _schema(gate), documents), predictions)


def _schema(gate):
    kind = {"type": "string", "x-compare": {"by": "exact", "key": gate}}
    bag = {"type": "array", "items": {"type": "string"}, "x-compare": {"by": "exact"}}
    template = {"type": "object", "properties": {TYPE: kind} | dict.fromkeys(ROLES, bag)}
    return {
        "type": "object",
        "properties": {"templates": {"type": "array", "items": template}},
    }


def _first_mentions(template):
    bags = {role: [entity[0] for entity in template[role]] for role in ROLES}
    return {TYPE: template[TYPE], **bags}


def _document(name, templates):
    alternatives = {}
    for n, template in enumerate(templates):
        path = f"templates[{n}]"
        alternatives[f"{path}.{TYPE}"] = template[TYPE].replace("/", " ").split()
        for role in ROLES:
            for i, entity in enumerate(template[role]):
                alternatives[f"{path}.{role}[{i}]"] = entity[1:]
    gold = {"templates": [_first_mentions(one) for one in templates]}
    return Document(name, gold, alternatives=alternatives)
