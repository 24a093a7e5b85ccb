"""Bytes of a file to plain data that remembers its lines; nothing is believed yet.

Rules:
1. UTF-8, with or without a byte-order mark; lines end in LF or CRLF.
2. YAML is JSON with comments: no tags, no aliases, `yes` is a word. A date stays text until a field
   asks for one.
3. A key that stands twice is an error, not the last one's victory.
4. Sizes are bounded before memory is: a small file cannot unfold into a large one.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from govagents.adapters.world.problems import Problems

MOST_BYTES = 256 << 20
_MOST_DEPTH = 20
_NULL, _BOOL, _INT, _STR = (f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "str"))
_FLOAT, _TIME = (f"tag:yaml.org,2002:{kind}" for kind in ("float", "timestamp"))
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
Path_ = tuple[str | int, ...]


@dataclass
class Document:
    """Plain data; `lines` says where each part of it stands, counted from 1."""

    value: Any
    lines: dict[Path_, int] = field(default_factory=dict)

    def line(self, where: Path_) -> int:
        """The line of the nearest part that encloses `where`."""
        return next(
            self.lines[where[:length]]
            for length in range(len(where), -1, -1)
            if where[:length] in self.lines
        )


class _BadData(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.line = line


def text_of(path: Path, problems: Problems) -> str | None:
    """A file's text, unpacked if its name ends in .gz; None after saying why not."""
    try:
        if not path.is_file():
            problems.add(path.name, None, None, "is not a file")
            return None
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)  # (4)
    except (OSError, EOFError, zlib.error) as error:
        problems.add(path.name, None, None, f"cannot be read: {error}")
        return None
    if len(data) > MOST_BYTES:
        problems.add(path.name, None, None, f"is larger than {MOST_BYTES >> 20} MiB")
        return None
    try:
        return data.decode("utf-8-sig")  # (1)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(path.name, line, None, "is not UTF-8 text")
        return None


def read_json_lines(path: Path, problems: Problems) -> Iterator[Document]:
    """One document a line; a line that holds none is a problem."""
    text = text_of(path, problems)
    for number, line in enumerate((text or "").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield Document(read_json(line), {(): number})
        except ValueError as error:
            problems.add(path.name, number, None, f"is not JSON: {error}")


def read_json(text: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    """JSON without doubtful spots.

    Raises:
        ValueError: it is not JSON, a key stands twice, or it nests without end.
    """
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        message = "it nests too deeply"
        raise ValueError(message) from None
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        message = f"{error.msg.lower().removesuffix(' at')} at {line}column {error.colno}"
        raise ValueError(message) from error


def read_yaml(path: Path, problems: Problems) -> Document | None:
    """The one document of a YAML file; None after saying why there is none."""
    text = text_of(path, problems)
    if text is None:
        return None
    document = Document(None, {(): 1})
    try:
        # SECURITY: the faster C loader crashes the process on deep nesting; this one raises
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        document.value = None if node is None else _plain(node, (), document.lines, set())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(
            path.name, mark.line + 1 if mark else None, None, f"is not YAML: {error.problem}"
        )
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.add(path.name, line, None, "is not YAML: a character that text may not hold")
        return None
    except RecursionError:
        problems.add(path.name, None, None, "nests too deeply")
        return None
    except _BadData as error:
        problems.add(path.name, error.line, None, str(error))
        return None
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):  # (3)
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = f"the field `{twice}` stands twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> float:
    message = f"`{name}` is not JSON"
    raise ValueError(message)


def _plain(node: yaml.Node, where: Path_, lines: dict[Path_, int], seen: set[int]) -> Any:  # noqa: ANN401
    line = node.start_mark.line + 1
    if id(node) in seen:  # (2) an alias, which could also unfold without end
        problem = "aliases are not read: write the value out"
        raise _BadData(problem, line)
    if len(where) > _MOST_DEPTH:
        problem = "nests too deeply"
        raise _BadData(problem, line)
    seen.add(id(node))
    lines[where] = line
    match node:
        case yaml.ScalarNode():
            return _scalar(node)
        case yaml.SequenceNode():
            return [
                _plain(item, (*where, place), lines, seen) for place, item in enumerate(node.value)
            ]
        case yaml.MappingNode():
            return _mapping(node, where, lines, seen)
    problem = "holds something that is neither a value, a list nor a mapping"
    raise _BadData(problem, line)


def _mapping(
    node: yaml.MappingNode, where: Path_, lines: dict[Path_, int], seen: set[int]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            problem = "a field's name must be a word"
            raise _BadData(problem, line)
        if key in found:  # (3)
            problem = f"the field `{key}` stands twice"
            raise _BadData(problem, line)
        found[key] = _plain(value_node, (*where, key), lines, seen)
        lines[(*where, key)] = line
    return found


def _scalar(node: yaml.ScalarNode) -> str | int | bool | None:
    text: str = node.value
    match node.tag:
        case tag if tag == _NULL:
            return None
        case tag if tag == _BOOL and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        case tag if tag == _INT and _WHOLE.fullmatch(text):
            return int(text)
        case tag if tag in {_BOOL, _INT, _STR, _FLOAT, _TIME}:
            return text
    problem = f"the tag `{node.tag}` is not read"
    raise _BadData(problem, node.start_mark.line + 1)
