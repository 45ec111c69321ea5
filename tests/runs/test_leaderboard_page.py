"""The page of a board: one file that asks nobody for anything, and works by keyboard."""

import base64
import hashlib
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from support.boards import answers, command, make_task, write_answers

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a board with three runs."""
    folder = tmp_path_factory.mktemp("page")
    make_task(folder / "mine")
    for name, wrong in (("good", 9), ("bad", 2), ("fair", 4)):
        file = write_answers(folder / f"{name}.jsonl", answers(wrong))
        command(folder, "run", f"replay:{file}", "--task", "mine", "--name", name)
    command(folder, "leaderboard", "--task", "mine")
    return folder / "fieldmark-results" / "leaderboard.html"


class Elements(HTMLParser):
    """The start tags of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def test_it_asks_no_network_and_runs_its_own_script_alone(page):
    text = page.read_text("utf-8")
    elements = Elements(text)
    assert not any({"src", "href", "action"} & set(attrs) for _, attrs in elements.found)
    assert "url(" not in text
    assert "@import" not in text
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [m["content"] for m in elements.of("meta") if "http-equiv" in m]
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )


def test_every_column_is_a_button_and_the_filter_has_a_label(page):
    elements = Elements(page.read_text("utf-8"))
    heads = elements.of("th")
    assert len(elements.of("button")) == len(heads) >= 13
    assert [head.get("aria-sort") for head in heads] == ["ascending"] + [None] * (len(heads) - 1)
    assert [field["id"] for field in elements.of("input")] == ["filter"]
    assert len(elements.of("label")) == 1
    assert all(div.get("tabindex") == "0" for div in elements.of("div") if "wide" in div["class"])


def test_it_fits_a_telephone_and_a_dark_room(page):
    text = page.read_text("utf-8")
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in text
    assert "color-scheme: light dark" in text
    assert re.search(r"\.name \{ position: sticky; left: 0;", text)
    assert ".wide { overflow-x: auto; }" in text


@pytest.mark.skipif(not BROWSER, reason="no Chromium is on this machine")
def test_a_browser_sorts_and_filters_it(page, tmp_path):
    """The page itself, with a script after it that presses its buttons, as its policy forbids."""
    text = re.sub(r"; script-src '[^']*'", "; script-src 'unsafe-inline'", page.read_text("utf-8"))
    press = """<script>{
      const said = [];
      const names = () => [...document.querySelectorAll("table.board tbody tr:not([hidden])")]
        .map((row) => row.cells[1].textContent).join(" ");
      const heads = [...document.querySelectorAll("table.board th")];
      const press = (name) => heads.find((head) => head.textContent === name)
        .querySelector("button").click();
      said.push(names());
      press("system"); said.push(names());
      press("system"); said.push(names());
      press("F1"); said.push(names());
      press("F1"); said.push(names());
      filter.value = "fair"; filter.dispatchEvent(new Event("input")); said.push(names());
      said.push(shown.textContent);
      document.title = said.join("; ");
    }</script></html>"""
    (tmp_path / "page.html").write_text(text.replace("</html>", press), "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'user'}")
    made = subprocess.run(
        [BROWSER, *flags, "--dump-dom", (tmp_path / "page.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (title,) = re.findall("<title>(.*)</title>", made.stdout)
    by_rank, by_name = "good fair bad", "bad fair good"
    shown = [by_rank, by_name, by_rank, by_rank, by_name, "fair", "1 of 3 runs"]
    assert title.split("; ") == shown
