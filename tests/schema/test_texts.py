"""Texts -> the form in which they are compared."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmark.schema.comparing.texts import (
    LONG,
    name,
    name_letters,
    normalized,
    text,
    text_letters,
    visible,
)

FOLDS = (text, name, text_letters, name_letters)
SIGNS = (
    "aAßİ 'ʼ-_‐＿﹣︲.°−\u0301\u0323\u0316\u0345\u0338\u093f\u3099>か한\u1112\u1161\u11a8ﬁ½ﷺ🚀❤🏴🄰"
)
UNSEEN = "\u200b\u200c\u200d\u200e\u00ad\u034f\u2060\ufe0f\ufeff\u3164\U000e0067\U000e007f"
WORDS = st.text(st.sampled_from(SIGNS + UNSEEN)) | st.text()


@given(WORDS)
def test_folding_twice_changes_no_more(value):
    for fold in FOLDS:
        assert fold(fold(value)) == fold(value)


@given(WORDS, WORDS)
def test_what_cannot_be_seen_makes_no_difference(one, other):
    joined = one + "\u200b\u00ad\u200f" + other
    for fold in FOLDS:
        assert fold(joined) == fold(one + other)


@pytest.mark.parametrize("fold", FOLDS)
@pytest.mark.parametrize(
    ("seen", "unseen"),
    [
        ("org.ex:lib", "org.ex:\u200blib"),
        ("שלום", "\u200fשלום\u200e"),
        ("cooperation", "co\u00adoperation"),
        ("A1", "A\u20601"),
        ("x", "\ufeffx"),
        ("می\u200cخواهم", "میخواهم"),
        ("ශ්\u200dරී", "ශ්රී"),
        ("a", "a\U000e0041\U000e0042"),
        ("é", "e\u034f\u0301"),
    ],
)
def test_characters_that_cannot_be_seen_are_dropped(fold, seen, unseen):
    assert fold(seen) == fold(unseen)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("❤\ufe0f\u200d🔥", "❤🔥"),
        ("👩\u200d🚀", "👩🚀"),
        (
            "🏴\U000e0067\U000e0062\U000e0065\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e007f",
        ),
    ],
)
def test_what_makes_another_picture_stays(one, other):
    assert text(one) != text(other)


def test_a_picture_is_the_same_with_and_without_its_variation_selector():
    assert text("❤\ufe0f\u200d🔥") == text("❤\u200d🔥")
    assert text("❤\ufe0f") == text("❤")


def test_dropping_twice_changes_no_more_and_leaves_white_space():
    assert visible(visible("a\u200d\u200d b\u200b")) == "a b"


LONG_RUNS = st.lists(st.text("a\u0301\u0323\u0344한か\u3099ﬁé", max_size=30), max_size=5)


@given(LONG_RUNS, st.text("\u0301\u0323\u0344\u0345", max_size=40))
@pytest.mark.parametrize("form", ["NFKC", "NFKD"])
def test_long_strings_have_the_normal_form_that_short_ones_have(form, parts, marks):
    value = "x".join(parts) + marks * 40 + "é" * LONG
    assert normalized(form, value) == unicodedata.normalize(form, value)


@pytest.mark.parametrize("fold", FOLDS)
@pytest.mark.parametrize("unit", ["\u0301\u0323", "\u0344", "e\u0301", "\u200d", "a-"])
def test_folding_takes_time_in_proportion(fold, unit):
    value = "é" + unit * (100_000 // len(unit))
    begin = time.perf_counter()
    fold(value)
    assert time.perf_counter() - begin < 5  # marks: 8 s and more by unicodedata alone


@pytest.mark.parametrize("sign", "_＿-﹍")
def test_a_name_takes_underscores_and_hyphens_as_spaces(sign):
    assert name(f"Nioro{sign}du{sign}Sahel") == "nioro du sahel"
    assert name(f"Niôro{sign}du{sign}Sahel") == "nioro du sahel"
    assert name(sign) == text(sign) != ""
