"""Periods: pairs of first and last day, compared, narrowed and shifted (rules D1 to D4)."""

from datetime import date

from dateutil.relativedelta import relativedelta

Days = tuple[date | None, date | None]
UNKNOWN: Days = (None, None)


def shifted(days: Days, shift: tuple[int, int]) -> Days:
    """Shift a period by `shift` days, the nearest and the farthest offset (D4).

    Negative offsets count back. Returns UNKNOWN for an open period and beyond the calendar.
    """
    first, last = days
    low, high = shift
    if first is None or last is None:
        return UNKNOWN
    if low != high:
        # "Days after" a period starts to count at its end, "days before" at its start.
        first, last = (first if low < 0 else last), (first if high < 0 else last)
    try:
        return first + relativedelta(days=low), last + relativedelta(days=high)
    except (ValueError, OverflowError):  # before the first day of the calendar, or after its last
        return UNKNOWN


def overlap(left: Days, right: Days) -> bool:
    """Whether two periods share a day, or either is unknown; an open period is its first day."""
    if left[0] is None or right[0] is None:
        return True
    return left[0] <= (right[1] or right[0]) and right[0] <= (left[1] or left[0])


def narrower(left: Days, right: Days) -> Days:
    """Return the shorter of two periods, the first of equals; a period with both ends wins."""
    if left[0] is None or left[1] is None:
        return right
    if right[0] is None or right[1] is None:
        return left
    return left if left[1] - left[0] <= right[1] - right[0] else right


def iso(day: date | None) -> str | None:
    """Return a day in ISO 8601, the form of the records; None stays None."""
    return day.isoformat() if day else None
