"""Quoted words -> where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark import DataError
from benchmark.text.search import find, occurrences

TEXT = "Niono fell.\nTroops held Niono [the town] since\n2019; 19 fell at Nionora, and Niono again."


def words(span):
    return TEXT[slice(*span)]


def test_words_that_stand_once_are_found():
    assert words(find(TEXT, "Troops held")) == "Troops held"


def test_white_space_stands_for_any_other():
    assert words(find(TEXT, "since 2019")) == "since\n2019"


def test_words_are_no_parts_of_longer_ones():
    assert [words(span) for span in occurrences(TEXT, "Niono")] == ["Niono"] * 3
    assert words(find(TEXT, "19")) == "19"
    assert find(TEXT, "19")[0] == TEXT.index("19 fell")


def test_words_that_stand_more_than_once_need_something_near():
    with pytest.raises(DataError, match=r"'Niono' stands in the text 3 times; quote more words"):
        find(TEXT, "Niono")
    second = TEXT.index("Niono [")
    assert find(TEXT, "Niono", near=(TEXT.index("Troops"), TEXT.index("since")))[0] == second
    assert find(TEXT, "Niono", near=(0, 4))[0] == 0


def test_brackets_mark_which_words_are_meant():
    assert find(TEXT, "held [Niono]")[0] == TEXT.index("Niono [")
    assert find(TEXT, "and [Niono] again") == (TEXT.rindex("Niono"), TEXT.rindex("Niono") + 5)
    assert words(find(TEXT, "[Niono] fell")) == "Niono"


def test_brackets_of_the_text_itself_are_words():
    assert words(find(TEXT, "Niono [the town] since")) == "Niono [the town] since"


@pytest.mark.parametrize("quote", ["Kayes", "held [Kayes]", "", "  ", "a [b] c [d]"])
def test_words_that_the_text_lacks_are_an_error(quote):
    with pytest.raises(DataError, match="the text has no"):
        find(TEXT, quote)


@given(st.text(max_size=40), st.text(max_size=8))
def test_whatever_is_found_reads_as_it_was_quoted(text, quote):
    for start, end in occurrences(text, quote):
        assert text[start:end].split() == quote.split()
