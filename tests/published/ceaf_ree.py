"""CEAF-REE, the metric of GRIT (Du, Rush and Cardie, EACL 2021), twice.

`rates` is the metric as its authors define it. `by_comparator` and `by_alternatives` are two ways
to have the scorer compute it, from which the tests conclude that no option for it is needed.

A document is {role: entities}, an entity a list of mentions. Entities are pooled per document and
role. phi of a gold entity G and a predicted P is 1 if all mentions of P are mentions of G, else 0
(strict), or |G and P| / |P| (prop). Entities are assigned one to one so that the sum of phi is
highest: P = sum / predicted entities, R = sum / gold entities, summed over documents and roles.
"""

import json

import numpy as np
from role_fillers import ROLES, bags, first_mentions, other_mentions
from scipy.optimize import linear_sum_assignment

from benchmark import Comparator, Document, Grade, Task, score


def strict(gold, predicted):
    return float(set(predicted) <= set(gold))


def prop(gold, predicted):
    return len(set(gold) & set(predicted)) / len(set(predicted))


def rates(gold, predicted, phi):
    """Micro P, R and F1 over the documents and roles of `gold`."""
    similarity, golds, predictions = 0.0, 0, 0
    for document, roles in gold.items():
        for role in ROLES:
            g, p = roles.get(role, []), predicted[document].get(role, [])
            similarity += _assigned(g, p, phi)
            golds, predictions = golds + len(g), predictions + len(p)
    return _rates(similarity, golds, predictions)


def _assigned(golds, predictions, phi):
    """The highest sum of phi over one-to-one assignments."""
    if not golds or not predictions:
        return 0.0
    table = np.array([[phi(g, p) for p in predictions] for g in golds])
    return float(table[linear_sum_assignment(table, maximize=True)].sum())


def _rates(similarity, golds, predictions):
    parts = (similarity, predictions), (similarity, golds), (2 * similarity, golds + predictions)
    return tuple(part / whole if whole else None for part, whole in parts)


def _mentions(entity):
    """An entity as compared. Sorted: the scorer breaks ties by how the folded value prints."""
    return tuple(sorted(set(json.loads(entity))))


def _subset(gold, predicted):
    return Grade.ACCEPTED if set(predicted) <= set(gold) else Grade.NOT


ENTITY = Comparator(_mentions, ("string",), _subset)
"""phi, strict, as a comparator: an entity is one string, the JSON list of its mentions."""


def by_comparator(gold, predicted):
    """The score of bags of entities under ENTITY, which must be registered as "entity".

    A bag's elements are matched one to one for the most credit, and that is CEAF.
    """
    documents = [Document(name, _encoded(roles)) for name, roles in gold.items()]
    return _score("entity", documents, {name: _encoded(predicted[name]) for name in gold})


def by_alternatives(gold, predicted):
    """The same without a comparator: gold accepts any mention of an entity as its name.

    It takes predictions of one mention per entity, which is what the published outputs hold.
    """
    assert all(len(e) == 1 for roles in predicted.values() for role in roles.values() for e in role)
    documents = [
        Document(name, first_mentions(roles), alternatives=other_mentions(roles))
        for name, roles in gold.items()
    ]
    return _score("exact", documents, {name: first_mentions(predicted[name]) for name in gold})


def _score(comparator, documents, predictions):
    schema = {"type": "object", "properties": bags(comparator)}
    return score(Task("ceaf-ree", schema, tuple(documents)), predictions)


def _encoded(roles):
    return {role: [json.dumps(entity) for entity in entities] for role, entities in roles.items()}
