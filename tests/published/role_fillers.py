"""The role fillers of MUC-4 as our bags. An entity, a list of mentions, goes by the first of them,
and gold accepts the others as alternatives."""

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")


def bags(comparator):
    """Properties of a schema: a bag for each role."""
    bag = {"type": "array", "items": {"type": "string"}, "x-compare": {"by": comparator}}
    return dict.fromkeys(ROLES, bag)


def first_mentions(filled):
    """The bags of {role: entities}."""
    return {role: [entity[0] for entity in filled.get(role, ())] for role in ROLES}


def other_mentions(filled, path=""):
    """Alternatives of these bags; `path` leads to the record that they stand in."""
    return {
        f"{path}{role}[{n}]": entity[1:]
        for role in ROLES
        for n, entity in enumerate(filled.get(role, ()))
    }
