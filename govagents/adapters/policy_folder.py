"""The operator's folder of policies, read whole: whatever is not read is named.

Rules:
1. Policies are the files `NAME.cedar` in the folder itself, examples `examples/NAME.yaml`: regular
   files in UTF-8, or links to such (a mounted configuration consists of links).
2. What looks like a policy file and is not one, or is not read, is an error: in a folder inside, in
   other letters (`.CEDAR`), a folder, a pipe, unreadable, not UTF-8, beyond `bounds`.
3. Any other file is a warning, but for `.md`, `.cedarschema` and names that begin with a dot and do
   not say cedar.
4. Folders inside are looked through, each once, behind links too; hidden ones never.
5. Only regular files are opened: nobody waits for a pipe.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from govagents.policy import bounds
from govagents.policy.finding import FOLDER, Severity
from govagents.policy.source import PolicyFile, Unread

_ENTRIES = 10_000  # names; a folder with more is another one, named by mistake
_POLICY, _EXAMPLE, _EXAMPLES = ".cedar", ".yaml", "examples"
_KNOWN = (".md", ".cedarschema")
_DENIED = "so everything is denied: `govagents doctor` says what to do"


class _Entry(NamedTuple):
    """One name: the folders between it and the folder of policies, and where it is."""

    folders: tuple[str, ...]
    name: str
    path: Path

    @property
    def label(self) -> str:
        """How it is called in messages; a name that is no UTF-8 with its bytes written out."""
        name = os.fsencode("/".join((*self.folders, self.name)))
        return name.decode("utf-8", errors="backslashreplace")


def read_policies(folder: Path | None) -> Sequence[PolicyFile | Unread]:
    """The policy files of a folder by name, and what else lies there; or why there is none."""
    if folder is None:
        return (Unread(FOLDER, f"no folder is set, {_DENIED}"),)
    if not folder.is_dir():
        return (Unread(FOLDER, f"the folder that is set is missing, {_DENIED}"),)
    entries = [*_entries(folder)]
    here = [each for each in entries if isinstance(each, _Entry) and _is_policy(each)]
    elsewhere = (each if isinstance(each, Unread) else _other(each) for each in entries)
    return (*_all(here), *(each for each in elsewhere if each is not None))


def read_examples(folder: Path) -> Sequence[PolicyFile | Unread]:
    """The examples that lie beside the policies of a folder."""
    place = folder / _EXAMPLES
    if not place.is_dir():
        return ()
    found = [each for each in _entries(place) if isinstance(each, _Entry)]
    return tuple(_all([each for each in found if not each.folders and _ends(each, _EXAMPLE)]))


def _entries(folder: Path) -> Iterator[_Entry | Unread]:
    """Everything that is no folder, or is one and is called like a policy file."""
    waiting: list[tuple[tuple[str, ...], Path]] = [((), folder)]
    been: set[tuple[int, int]] = set()
    looked = 0
    while waiting:
        folders, place = waiting.pop()
        try:
            inside = _listed(place, been)
        except OSError as error:
            yield Unread("/".join(folders) or FOLDER, f"cannot be looked into: {error.strerror}")
            continue
        looked += len(inside)
        if looked > _ENTRIES:
            yield Unread(FOLDER, f"there are more than {_ENTRIES} files: keep only policies there")
            return
        for path in inside:
            if not path.is_dir() or _ends(path, _POLICY):
                yield _Entry(folders, path.name, path)
            elif not path.name.startswith("."):  # (4)
                waiting.append(((*folders, path.name), path))


def _listed(place: Path, been: set[tuple[int, int]]) -> list[Path]:
    found = place.stat()
    if (found.st_dev, found.st_ino) in been:
        return []
    been.add((found.st_dev, found.st_ino))
    return sorted(place.iterdir())


def _all(entries: Sequence[_Entry]) -> Iterator[PolicyFile | Unread]:
    """What they hold; nothing more once it is too much."""
    sizes = [0] * len(entries)
    for place, entry in enumerate(entries):
        too_much = bounds.too_many(sizes)
        if too_much:
            yield Unread(FOLDER, too_much)
            return
        file = _read(entry)
        sizes[place] = len(file.text.encode()) if isinstance(file, PolicyFile) else 0
        yield file


def _read(entry: _Entry) -> PolicyFile | Unread:
    try:
        if not stat.S_ISREG(entry.path.stat().st_mode):  # (5)
            return Unread(entry.label, "is no regular file: put a file there, or a link to one")
        with entry.path.open("rb") as file:
            data = file.read(bounds.FILE_BYTES + 1)
    except OSError as error:
        return Unread(entry.label, f"cannot be read: {error.strerror}")
    if len(data) > bounds.FILE_BYTES:
        return Unread(entry.label, bounds.too_large())
    try:
        # SECURITY: with errors="replace" a `forbid` on a name in another encoding never matches.
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at, line = error.start, data.count(b"\n", 0, error.start) + 1
        said = f"is not UTF-8: byte {at + 1} is 0x{data[at]:02x}; save it as UTF-8"
        return Unread(entry.label, said, line)
    return PolicyFile(entry.label, text.replace("\r\n", "\n"))


def _other(entry: _Entry) -> Unread | None:
    """What is said of something that is no policy of this folder; None = nothing."""
    if _is_policy(entry):
        return None
    name = entry.name.strip().casefold()
    if name.endswith(_POLICY):  # (2)
        said = "is not read as a policy: move it into the folder itself, as `NAME.cedar`"
        return Unread(entry.label, said)
    example = entry.folders == (_EXAMPLES,) and _ends(entry, _EXAMPLE)
    hidden = name.startswith(".") and "cedar" not in name
    if example or hidden or name.endswith(_KNOWN):
        return None
    said = "is not read: policies are called `NAME.cedar`, examples `examples/NAME.yaml`"
    return Unread(entry.label, said, severity=Severity.WARNING)  # (3)


def _is_policy(entry: _Entry) -> bool:
    return not entry.folders and _ends(entry, _POLICY)


def _ends(entry: _Entry | Path, end: str) -> bool:
    return entry.name.endswith(end)
