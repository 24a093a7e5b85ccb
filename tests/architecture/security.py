"""The parts of SECURITY.md that tests make: `python -m tests.architecture.security`.

Rules:
1. A file of tests/attack is one attack. Its docstring opens with what is attacked; a paragraph that
   begins with `Open:` says what is left open.
2. What stops it is what its tests say by their names; the lines that they take away are counted.
3. Each defence is listed with the tests that take it away.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from tests.architecture.defences import removals, removed
from tests.architecture.readme import PART
from tests.architecture.sources import ROOT, Module, modules

SECURITY = ROOT / ".github" / "SECURITY.md"
_SHOWN = 3
_SAID = re.compile(r"test_(\w+_(?:is|are)_(?:refused|contained|detected))(?:_(\w+))?$")
_ROWS = re.compile(r" \((?:[SN]\d+[, ]*)+\)")
_HARM = re.compile(
    r"_(?:without|shipped|bare|by_one_line|defence_is)\b|_(?:without|shipped|bare|by_one_line)_"
)
_LONG = 200
_NOTHING = "nothing stated"


def rewritten(text: str) -> str:
    """`text` with every part made anew."""
    return PART.sub(lambda part: f"{part[1]}{MADE[part[2]]()}\n{part[3]}", text)


def opened(module: Module) -> str:
    """(1) What is left open, as the file says itself."""
    paragraphs = (ast.get_docstring(module.tree) or "").split("\n\n")
    found = [each.removeprefix("Open:").strip() for each in paragraphs if each.startswith("Open:")]
    return " ".join(" ".join(found).split()).rstrip(".") or _NOTHING


def attacked(module: Module) -> str:
    """(1) What is attacked: the docstring's first sentences, as many as say it."""
    docstring = " ".join((ast.get_docstring(module.tree) or "").split())
    said = ""
    for sentence in re.split(r"(?<=[.])\s", docstring):
        if said and len(said) + len(sentence) > _LONG:
            break
        said = f"{said} {sentence}".strip()
    return _ROWS.sub("", said).rstrip(".")


def _attacks() -> str:
    rows = [_row(each) for each in _files()]
    head = "| attack | stopped: what its tests say | lines taken away | left open |"
    return "\n".join([head, "| --- | --- | --- | --- |", *rows])


def _row(module: Module) -> str:
    said = sorted(set(_sentences(module)))
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    stopped = "; ".join(said[:_SHOWN]) + more
    names = {node.name for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)}
    gone = {(one.path, one.words) for one in removals() if one.test in names}
    title = f"{attacked(module)} (`{module.path.stem}`)"
    return f"| {title} | {stopped} | {len(gone) or ''} | {opened(module)} |".replace("  ", " ")


def _sentences(module: Module) -> Iterator[str]:
    """(2) `test_a_forged_note_is_refused` says: a forged note is refused."""
    names = [node.name for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]
    tests = [name for name in names if name.startswith("test_") and not _HARM.search(name)]
    said = [found[1] for name in tests if (found := _SAID.match(name))]
    for name in said or [name.removeprefix("test_") for name in tests]:
        yield name.replace("_", " ")


def _defences() -> str:
    """(3)."""
    rows = [
        f"| {each} | {', '.join(f'`{one.test}`' for one in tests)} |"
        for each, tests in removed().items()
    ]
    head = "| defence | the harm without it |"
    return "\n".join([f"There are {len(rows)}.", "", head, "| --- | --- |", *rows])


def _files() -> Iterator[Module]:
    yield from (each for each in modules("tests/attack") if each.path.name.startswith("test_"))


MADE: Mapping[str, Callable[[], str]] = {"attacks": _attacks, "defences": _defences}


if __name__ == "__main__":
    SECURITY.write_text(rewritten(SECURITY.read_text(encoding="utf-8")), encoding="utf-8")
