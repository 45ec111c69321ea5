"""Periods: first and last day of what is told, compared, narrowed and counted on (D1 to D4)."""

from datetime import date

from dateutil.relativedelta import relativedelta

Days = tuple[date | None, date | None]
UNKNOWN: Days = (None, None)


def shifted(days: Days, shift: tuple[int, int]) -> Days:
    """The days so many days on, the nearest and the farthest; back if they are negative (D4)."""
    first, last = days
    low, high = shift
    if first is None or last is None:
        return UNKNOWN
    if low != high:
        first, last = (first if low < 0 else last), (first if high < 0 else last)
    try:
        return first + relativedelta(days=low), last + relativedelta(days=high)
    except (ValueError, OverflowError):  # before the first day of the calendar, or after its last
        return UNKNOWN


def meet(one: Days, two: Days) -> bool:
    """Whether two stretches of days may be the same."""
    if one[0] is None or two[0] is None:
        return True
    return one[0] <= (two[1] or two[0]) and two[0] <= (one[1] or one[0])


def narrower(one: Days, two: Days) -> Days:
    """The shorter of two stretches, or the one that is known."""
    if one[0] is None or one[1] is None:
        return two
    if two[0] is None or two[1] is None:
        return one
    return one if one[1] - one[0] <= two[1] - two[0] else two


def iso(day: date | None) -> str | None:
    """A day as records write it."""
    return day.isoformat() if day else None
