"""`submission.toml`: who sends a run in, and what they say of it. None of it can be checked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from benchmark.errors import DataError
from benchmark.runs.manifest import MOST_SAMPLES, SUBMISSION
from benchmark.runs.untrusted import read_text

EXAMPLE = """system = "Our extractor"
version = "1.2"
link = "https://example.org/extractor"
authors = ["A. Person"]
licence = "Apache-2.0"
contact = "person@example.org"
samples = 1
trained_on_these_texts = false
"""


def _shown(text: str) -> str:
    """Text that can stand in a table: nothing that cannot be seen, or that turns a line around."""
    if not text.isprintable() or not text.strip():
        raise ValueError("one line of visible characters is expected")
    return text


Line = Annotated[str, Field(max_length=100), AfterValidator(_shown)]


class Submission(BaseModel):
    """What is stated of a submitted run.

    link: where the system is described, or "". samples: how often each document was answered.
    trained_on_these_texts: whether the system, or a model in it, was trained on the task's texts.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    system: Line
    version: Line
    link: Annotated[str, Field(max_length=300, pattern=r"^(https?://[!-~]+)?$")]
    authors: Annotated[list[Line], Field(min_length=1, max_length=50)]
    licence: Line
    contact: Line
    samples: Annotated[int, Field(ge=1, le=MOST_SAMPLES)]
    trained_on_these_texts: bool


def read_submission(folder: Path) -> Submission | None:
    """The submission in a run's folder; None if there is none. Raises DataError for a wrong one."""
    file = folder / SUBMISSION
    if not file.is_symlink() and not file.exists():
        return None
    try:
        return Submission.model_validate(tomllib.loads(read_text(file)))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise DataError(f"{file}: {place:.100}: {first['msg']}") from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file}: not TOML: {error}") from None


def required_submission(folder: Path) -> Submission:
    """The submission in a run's folder. Raises DataError, with an example, if there is none."""
    submission = read_submission(folder)
    if submission is None:
        example = "; ".join(EXAMPLE.splitlines())
        raise DataError(f"{folder / SUBMISSION} is missing; it says, a line each: {example}")
    return submission
