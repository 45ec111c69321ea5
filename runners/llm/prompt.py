"""The prompt: a Jinja template with a `system` and a `user` block, filled in for each document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmark.errors import DataError, unreadable

if TYPE_CHECKING:
    from jinja2 import Template

Message = dict[str, Any]

BLOCKS = "system", "user"
"""The blocks that a template has: each becomes the message of that role."""


class Prompt:
    """The shipped template, or that of a file; DataError if it cannot be read.

    Texts are values of the template's variables, so braces in them are not interpreted.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.name = str(file) if file else "prompt.jinja"
        try:
            source = file or files("runners.llm") / "prompt.jinja"
            self._source = source.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise unreadable(self.name, error) from None

    @property
    def sha256(self) -> str:
        """The hash of the template's source, in hexadecimal."""
        return hashlib.sha256(self._source.encode()).hexdigest()

    @cached_property
    def _template(self) -> Template:
        from jinja2 import StrictUndefined, TemplateError
        from jinja2.sandbox import SandboxedEnvironment

        # A template may be somebody else's: it must not reach Python's internals.
        environment = SandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        try:
            template = environment.from_string(self._source)
        except TemplateError as error:
            raise DataError(f"{self.name}: no Jinja template: {error}") from None
        if missing := set(BLOCKS) - template.blocks.keys():
            raise DataError(f"{self.name}: needs a block '{min(missing)}', beside the other one")
        return template

    def messages(self, text: str, meta: Mapping[str, Any], **task: Any) -> list[Message]:
        """Render the messages for one document: the system's, then the user's.

        `task` holds the variables that are the same for all documents: codebook, schema, examples.
        Raises DataError for a template that fails.
        """
        context = {"text": text, "meta": meta, **task}
        try:
            return [
                {"role": role, "content": self._block(role, context).strip()} for role in BLOCKS
            ]
        except Exception as error:  # a template is code, and may go wrong in any way
            raise DataError(f"{self.name}: {type(error).__name__}: {error}") from None

    def _block(self, name: str, context: dict[str, Any]) -> str:
        template = self._template
        return "".join(template.blocks[name](template.new_context(context)))
