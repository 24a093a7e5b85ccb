"""The project's own files, as its architecture tests read them."""

import ast
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One Python file; `path` is relative to the checkout."""

    path: Path
    text: str
    tree: ast.Module


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file in `folders`, in the order of their paths."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(_module(path) for path in paths)


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of all that is imported, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@cache
def tracked() -> tuple[Path, ...]:
    """Text files that a commit would carry: tracked, or new and not ignored."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs `git`: this is no checkout, so nothing says which files belong to it")
    listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(
        [git, "-c", "safe.directory=*", *listing], cwd=ROOT, capture_output=True, check=True
    )
    paths = (ROOT / name for name in done.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file() and b"\0" not in path.read_bytes())


def _module(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(ROOT), text, ast.parse(text, str(path)))
