"""The elements of bags and sets, and the outcomes of those that are matched or left."""

from support.oracle_grades import folded, is_valid


def slots(golds, given, matched):
    """The outcomes in a bag with some of its elements matched, by their grades. Wrong elements
    pair off with required gold first, so that optional gold is never what is missing."""
    taken = {i for i, _ in matched}
    left = [accepted for i, accepted in enumerate(golds) if i not in taken]
    required = sum(None not in accepted for accepted in left)
    over = len(given) - len(matched)
    grades = list(matched.values())
    return {
        "COR": grades.count(1.0),
        "PAR": grades.count(0.5),
        "INC": min(over, len(left)),
        "MIS": max(required - over, 0),
        "SPU": max(over - len(left), 0),
    }


def set_of_accepted(node, golds):
    """Equal elements are one. It accepts what any of them does, absence only if all of them do,
    which is the scorer's own rule."""
    groups = {}
    for accepted in golds:
        groups.setdefault(folded(node, accepted[0]), []).append(accepted)
    return [
        [one for accepted in group for one in accepted if one is not None]
        + [None] * all(None in accepted for accepted in group)
        for group in groups.values()
    ]


def set_of_given(node, given):
    """Equal elements are one. Those of the wrong type stay apart, which is the scorer's own rule:
    they are not compared, so none equals another."""
    told = {
        (True, folded(node, one)) if is_valid(node, one) else (False, n): one
        for n, one in enumerate(given)
    }
    return list(told.values())
