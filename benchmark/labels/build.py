"""A task's texts and labels -> its gold, as it is loaded and published.

documents/SPLIT/ID.txt holds a text below a header with its metadata, labels/gold/ID.yaml what is
labelled; `build` makes data/SPLIT.jsonl of them. Texts outside any split make gold.jsonl.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmark.data.documents import Document
from benchmark.data.loading import bare_task
from benchmark.data.task import Task
from benchmark.data.task_files import DATA, GOLD, read_text
from benchmark.data.writing import gold_line
from benchmark.errors import DataError
from benchmark.labels.compile import compile_labels, read_labels
from benchmark.schema.validation import Validator

ADJUDICATED = "gold"
"""The folder in labels/ that gold is made of; the others are labelling passes."""


def build(source: str | Path) -> tuple[dict[Path, bytes], list[str]]:
    """The gold files that a task's texts and labels make, by path, and the problems of both.

    Writes nothing. Raises DataError for a folder without texts.
    """
    task = bare_task(source)
    texts = read_texts(task)
    if not texts:
        raise DataError(f"{task.folder}: nothing to build: no text documents/SPLIT/ID.txt")
    documents, problems = labelled(task, ADJUDICATED, texts)
    for name in sorted(texts.keys() - {document.id for document in documents}):
        problems.append(f"'{name}' has no labels: labels/{ADJUDICATED}/{name}.yaml is missing")
    files: dict[Path, bytes] = {}
    for document in documents:
        file = _gold_file(task.folder or Path(), document)
        files[file] = files.get(file, b"") + gold_line(document)
    return files, problems


def labelled(
    task: Task, name: str, texts: Mapping[str, Document]
) -> tuple[list[Document], list[str]]:
    """The documents of labels/NAME, in the order of the texts, and the problems of the labels.

    `texts` are the documents by id; what gold they have is replaced.
    """
    folder = (task.folder or Path()) / "labels" / name
    files = {file.stem: file for file in sorted(folder.glob("*.yaml"))}
    problems = [
        f"{files[stray]}: there is no document '{stray}'" for stray in files if stray not in texts
    ]
    documents = []
    validators = {name: Validator(plain.schema) for name, plain in task.plain.items()}
    for text in texts.values():
        if text.id not in files:
            continue
        file = files[text.id]
        tree = task.tree_of(text)
        document, problems_here = compile_labels(text, read_labels(file), tree, task.aliases)
        # What labels leave out has become null; a property that may be absent need not take one.
        validators[task.schema_of(text)].without_refused_nulls(document.gold)
        documents.append(document)
        problems += [f"{file}: {problem}" for problem in problems_here]
    return documents, problems


def read_texts(task: Task) -> dict[str, Document]:
    """The texts of a task's folder as documents without gold, by id, sorted by split and id. Where
    documents have schemas of their own, the header of a text names it as its `schema`.

    Raises DataError for two texts of one id, whatever their splits.
    """
    folder = (task.folder or Path()) / "documents"
    documents: dict[str, Document] = {}
    for file in sorted(folder.glob("**/*.txt")):
        if file.stem in documents:
            raise DataError(f"{file}: a second document '{file.stem}'; ids are unique")
        meta, text = read_text(file)
        if (split := file.parent.relative_to(folder).as_posix()) != ".":
            meta = {"split": split, **meta}
        schema = str(meta.pop("schema", "")) if task.schema_names else ""
        withheld = "sha256" in meta and not text  # a header alone, with the hash of the text
        shown = None if withheld else text
        documents[file.stem] = Document(file.stem, {}, shown, meta, schema=schema)
    return documents


def out_of_date(task: Task) -> list[str]:
    """The problems of gold files: contents that texts and labels do not make, files for which
    there is no text, and what is wrong with the labels."""
    folder = task.folder or Path()
    files, problems = build(folder)
    stale = [file for file, content in files.items() if not _holds(file, content)]
    problems += [f"{file}: not what the labels say: `fieldmark gold build`" for file in stale]
    extra = {*folder.glob(GOLD), *(folder / DATA).glob("*.jsonl")} - files.keys()
    return problems + [f"{file}: there is no text for it; delete it" for file in sorted(extra)]


def _holds(file: Path, content: bytes) -> bool:
    try:
        return file.read_bytes() == content
    except OSError:
        return False


def _gold_file(folder: Path, document: Document) -> Path:
    split = document.meta.get("split")
    return folder / DATA / f"{split}.jsonl" if split else folder / GOLD
