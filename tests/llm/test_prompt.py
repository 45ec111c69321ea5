"""The prompt: a template with two blocks, into which documents go as they are."""

import hashlib

import pytest

from benchmark import DataError
from runners.llm.prompt import Prompt

GIVEN = {"codebook": "Count only the dead.", "schema": "", "examples": []}


def told(text="A text.", meta=None, **given):
    system, user = Prompt().messages(text, meta or {}, **{**GIVEN, **given})
    assert (system["role"], user["role"]) == ("system", "user")
    return system["content"], user["content"]


def test_the_codebook_is_told_once_and_the_text_last():
    system, user = told()
    assert "Count only the dead." in system
    assert user.endswith("A text.")


def test_what_a_text_holds_is_no_template():
    text = "{{ codebook }} {% raw %} {# no comment #} <b> & \\n"
    _, user = told(text)
    assert user.endswith(text)


def test_metadata_are_told_but_for_what_is_nothing():
    meta = {"published": "2025-07-02", "lang": None, "more": {"x": 1}, "split": "dev"}
    _, user = told(meta=meta)
    assert "published: 2025-07-02" in user
    assert "lang" not in user
    assert "more" not in user
    assert "split" not in user


def test_a_schema_and_examples_are_told_where_there_are_any():
    examples = [{"text": "Three died.", "answer": '{"n":3}'}, {"text": "All well.", "answer": "{}"}]
    system, _ = told(schema='{"type":"object"}', examples=examples)
    assert '{"type":"object"}' in system
    assert "Example 1: text\n\nThree died.\n\n# Example 1: answer" in system
    assert "Example 2: text\n\nAll well." in system
    plain, _ = told()
    assert "Schema of" not in plain
    assert "Example" not in plain


def test_a_file_replaces_it_and_is_hashed(tmp_path):
    file = tmp_path / "p.jinja"
    file.write_text("{% block system %}S{% endblock %}{% block user %}<{{ text }}>{% endblock %}")
    prompt = Prompt(file)
    assert [one["content"] for one in prompt.messages("t", {}, **GIVEN)] == ["S", "<t>"]
    assert prompt.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{% block system %}", "no Jinja template"),
        ("{{ text }}", "needs a block 'system'"),
        ("{% block system %}{% endblock %}", "needs a block 'user'"),
        ("{% block system %}{{ textt }}{% endblock %}{% block user %}{% endblock %}", "textt"),
        (
            "{% block system %}{{ text.__class__.__mro__[1].__subclasses__() }}{% endblock %}"
            "{% block user %}{% endblock %}",
            "unsafe",
        ),
        (
            "{% block system %}{{ 1 / 0 }}{% endblock %}{% block user %}{% endblock %}",
            "ZeroDivision",
        ),
        (
            "{% block system %}{% include '/etc/hosts' %}{% endblock %}"
            "{% block user %}{% endblock %}",
            "no loader",
        ),
    ],
)
def test_a_file_that_is_no_prompt_is_named_with_what_is_wrong(tmp_path, source, reason):
    file = tmp_path / "p.jinja"
    file.write_text(source)
    with pytest.raises(DataError, match=reason) as error:
        Prompt(file).messages("t", {}, **GIVEN)
    assert "p.jinja" in str(error.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none\.jinja: cannot be read"):
        Prompt(tmp_path / "none.jinja")
