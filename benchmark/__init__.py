"""Fieldmark scores structured extraction field by field.

>>> import benchmark
>>> task = benchmark.load_task("sitrep").with_text()
>>> predictions = {d.id: my_extractor(d.text) for d in task.documents}  # doctest: +SKIP
>>> print(benchmark.as_table(benchmark.score(task, predictions)))  # doctest: +SKIP
"""

import lazy_loader

# The names stand in __init__.pyi. Nothing is loaded before it is used: the command line starts in
# a tenth of a second, and most verbs need only a part.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
