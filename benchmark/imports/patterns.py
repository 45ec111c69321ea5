"""Names of files with placeholders, such as `results/{system}/{id}.json`."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from benchmark.errors import DataError

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}", re.ASCII)


class Pattern:
    """The files of a folder that belong together by their names.

    A placeholder stands for a part of a name, never for several folders; where it stands twice, it
    is the same part. Raises DataError for a pattern that leads out of its folder.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if text.startswith("/") or ".." in text.split("/"):
            raise DataError(f"{text}: a pattern names files below the folder; give it that folder")
        # The words between placeholders, and the placeholders, by turns.
        self._parts = _PLACEHOLDER.split(text)
        self.names = frozenset(self._parts[1::2])

    @cached_property
    def _matcher(self) -> re.Pattern[str]:
        parts, met = list(map(re.escape, self._parts)), set[str]()
        for n, name in enumerate(self._parts[1::2]):
            parts[2 * n + 1] = f"(?P={name})" if name in met else f"(?P<{name}>[^/]+)"
            met.add(name)
        return re.compile("".join(parts), re.DOTALL)

    def files(self, root: Path) -> Iterator[tuple[dict[str, str], Path]]:
        """What the placeholders stand for, and the file, for each that matches, by name.

        Raises DataError for a link that leads out of the folder, a name that is not UTF-8, and for
        what is no file.
        """
        parts = list(map(glob.escape, self._parts))
        parts[1::2] = ["*"] * (len(parts) // 2)
        for path in sorted(root.glob("".join(parts))):
            if match := self._matcher.fullmatch(path.relative_to(root).as_posix()):
                yield match.groupdict(), checked_file(path, root)

    def file(self, root: Path, values: Mapping[str, str]) -> Path | None:
        """The file in which the placeholders stand for these values; None if it is not there."""
        path = root / _filled(self.text, values)
        return checked_file(path, root) if path.exists() or path.is_symlink() else None

    def short_name(self, values: Mapping[str, str]) -> str:
        """What tells a file of this pattern apart from the others in its folder: what the
        placeholders in its name stand for; its name without the ending, if there are none."""
        last = self.text.rpartition("/")[2]
        placeholders = _PLACEHOLDER.findall(last)
        return "-".join(values[name] for name in placeholders) or last.partition(".")[0]


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def checked_file(path: Path, root: Path) -> Path:
    """The path of a file in a folder that others made, if it may be read.

    Raises DataError for a link that leads out of the folder, a name that is not UTF-8, and for what
    is no file.
    """
    try:
        str(path).encode()
        inside = path.resolve().is_relative_to(root.resolve())
    except UnicodeEncodeError:
        raise DataError(f"{path}: the name is not UTF-8; rename the file") from None
    except (OSError, RuntimeError):  # links that lead to each other
        inside = False
    if not inside:
        raise DataError(f"{path}: a link that leads out of {root}; put the file itself there")
    if not path.is_file():
        raise DataError(f"{path}: not a file")
    return path
