"""The lines that defend something, and the tests that take them away and see the harm.

Rules:
1. A defence is a line in govagents/ or tools/ tagged `INVARIANT (name):` or `SECURITY:`.
2. A test that takes it away says so in its docstring, on a line of its own: `removes: PATH`, and
   where the file has several tags `removes: PATH (the first words of the tag)`.
3. Such a test replaces something that is shipped: it patches it, or uses what lies behind it bare.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from tests.architecture.sources import Module, modules

_TAG = re.compile(r"(INVARIANT \(([^)]+)\)|SECURITY): ?(.*)")
_MARK = re.compile(r"^\s*removes: (\S+?)(?: \((.+)\))?\s*$", re.MULTILINE)
_REPLACING = re.compile(r"monkeypatch|\breplace\(|\bsubprocess\b|JsonPlusSerializer")


@dataclass(frozen=True, order=True)
class Defence:
    """One tagged line; `words` are those after the tag, `name` that of the invariant."""

    path: str
    line: int
    name: str
    words: str

    def __str__(self) -> str:
        """As a page names it."""
        return f"`{self.path.removeprefix('govagents/')}`: {self.name or self.words}"


@dataclass(frozen=True)
class Removal:
    """A test that takes away the defence it names."""

    path: str
    words: str
    test: str
    replacing: bool

    def of(self, defence: Defence) -> bool:
        """Whether it takes this one away."""
        told = f"{defence.name} {defence.words}"
        return defence.path == self.path and self.words in told


Removals: TypeAlias = Mapping[Defence, tuple[Removal, ...]]


@cache
def defences() -> tuple[Defence, ...]:
    """(1)."""
    return tuple(sorted(each for module in modules("govagents", "tools") for each in _in(module)))


@cache
def removals() -> tuple[Removal, ...]:
    """(2)."""
    return tuple(
        Removal(mark[1], mark[2] or "", node.name, bool(_REPLACING.search(ast.unparse(node))))
        for module in modules("tests")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for mark in _MARK.finditer(ast.get_docstring(node) or "")
    )


@cache
def removed() -> Removals:
    """Each defence with the tests that take it away."""
    return {each: tuple(one for one in removals() if one.of(each)) for each in defences()}


def _in(module: Module) -> Iterator[Defence]:
    for number, line in enumerate(module.text.splitlines(), start=1):
        for found in _TAG.finditer(line):
            words = found[3].rstrip('". ') or "..."
            yield Defence(module.path.as_posix(), number, found[2] or "", words)
