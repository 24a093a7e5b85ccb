"""Whether a stored log is the one that was signed, and if not, where it first goes wrong.

Rules:
1. Entries are numbered 0, 1, 2 and so on. The first gap, repetition or step back ends the walk.
2. The bytes of an entry hash to what is stored beside it and to its leaf in the tree.
3. Every complete subtree, recomputed from the entries, is stored once and as computed; nothing is
   stored beyond the last entry.
4. Every checkpoint opens with the key: the auditor's own where he brings one, else the store's.
5. Every opened checkpoint signs the root recomputed at its size, and none counts more entries than
   there are.
6. Where an entry and a stored hash disagree, the next signed root says which of them was changed.
   Where it fits neither, entries were changed together with their nodes: the first lies between
   the last checkpoint that fits and this one.
7. Two checkpoints that no single log can satisfy contradict each other, even if one of them fits.
8. Without one checkpoint that fits, nothing vouches for anything: not ok.
9. What this check could not exclude is said, in sentences, also when all is well.

Rules 1 to 3 are looked at in `walk.py`; here is judged what they and the checkpoints mean.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from govagents.audit.checkpoint import Checkpoint, Rejected, VerifyKey
from govagents.audit.sealing import UNSIGNED
from govagents.audit.tree import Node
from govagents.audit.walk import Doubt, Finding, Fit, Place, StoredEntry, Walk

_UNSIGNED = f'"kind":"{UNSIGNED}"'.encode()


@dataclass(frozen=True)
class Stored:
    """All that lies in the store: entries by number, nodes and checkpoints in any order."""

    entries: Iterable[StoredEntry]
    nodes: Iterable[Node]
    checkpoints: Iterable[str]
    key: VerifyKey | None


@dataclass(frozen=True)
class Outside:
    """What the auditor kept where the store's owner cannot reach it."""

    key: VerifyKey | None = None
    checkpoint: str | None = None


@dataclass(frozen=True)
class Verification:
    """What was found, by entry. Entries from `covered` on stand under no signature.

    `size` and `root` are of the entries that could be read in order; `checked` are the checkpoints
    that fit them.
    """

    size: int
    root: bytes
    covered: int
    checked: tuple[Checkpoint, ...]
    findings: tuple[Finding, ...]
    not_excluded: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing wrong was found; `not_excluded` says what that leaves open."""
        return not self.findings

    @property
    def first_bad(self) -> int | None:
        """The first entry that is wrong or made doubtful."""
        return self.findings[0].index if self.findings else None

    @property
    def reason(self) -> str | None:
        """What is wrong there, in words."""
        return self.findings[0].reason if self.findings else None


def verify(stored: Stored, outside: Outside) -> Verification:
    """Checks a whole log against its tree and its checkpoints.

    Complexity: linear; all nodes (two per entry) are held in memory.
    """
    opened, refused = _open(stored, outside)
    walk = Walk(stored.nodes, frozenset(each.size for each in opened))
    told: list[int] = []
    for entry in stored.entries:
        if not walk.step(entry):
            break
        if _UNSIGNED in entry.leaf:
            told.append(entry.index)
    weighed = [replace(each, fit=walk.weigh(each.size, each.root)) for each in opened]
    fitting = tuple(each.checkpoint for each in weighed if each.fit is Fit.ENTRIES)
    covered = max((checkpoint.size for checkpoint in fitting), default=0)
    findings = [
        *(_doubtful(doubt, weighed, walk) for doubt in walk.doubts),
        *walk.findings,
        *walk.left_over(),
        *_beyond(weighed, walk),
        *_contradictions(weighed),
        *_changed_with_nodes(weighed),
        *refused,
        *_unvouched(weighed),
    ]
    return Verification(
        size=walk.size,
        root=walk.root(),
        covered=covered,
        checked=fitting,
        findings=_by_entry(findings, covered if covered < walk.size else None),
        not_excluded=(*_not_excluded(outside, covered, walk.size), *map(_once_unsigned, told)),
    )


@dataclass(frozen=True)
class _Opened:
    """A checkpoint that the key signed, and what its root agrees with."""

    label: str
    checkpoint: Checkpoint
    fit: Fit = Fit.NEITHER

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        return self.checkpoint.root

    @property
    def fits(self) -> bool:
        return self.fit in (Fit.ENTRIES, Fit.HASHES)

    def __str__(self) -> str:
        return f"{self.label} (size {self.size})"


def _open(stored: Stored, outside: Outside) -> tuple[list[_Opened], list[Finding]]:
    """(4) The checkpoints that the key signed, by size, and a finding for every other."""
    notes = [(f"checkpoint {n}", note) for n, note in enumerate(stored.checkpoints, start=1)]
    if outside.checkpoint is not None:
        notes.append(("the outside checkpoint", outside.checkpoint))
    # SECURITY: the store's key never stands in for the auditor's; its holder could have re-signed
    key = outside.key or stored.key
    if key is None:
        return [], [_of_checkpoint("there is no key to open the checkpoints with")]
    opened: list[_Opened] = []
    refused: list[Finding] = []
    for label, note in notes:
        checkpoint = key.open(note)
        if isinstance(checkpoint, Rejected):
            refused.append(_of_checkpoint(f"{label} is refused: {checkpoint}"))
        else:
            opened.append(_Opened(label, checkpoint))
    return sorted(opened, key=lambda each: each.size), refused


def _of_checkpoint(reason: str) -> Finding:
    return Finding(Place.CHECKPOINT, None, reason)


def _unvouched(weighed: Sequence[_Opened]) -> list[Finding]:
    """(8) An unsigned log is not a good one."""
    fits = any(each.fits for each in weighed)
    return [] if fits else [_of_checkpoint("no checkpoint vouches for this log")]


def _doubtful(doubt: Doubt, weighed: Sequence[_Opened], walk: Walk) -> Finding:
    """(6) What was changed where something stored disagrees, as far as a signed root tells."""
    judge = next((each for each in weighed if each.size > doubt.last and each.fits), None)
    return (
        _doubtful_node(doubt, weighed, judge)
        if doubt.level
        else _doubtful_entry(doubt, judge, walk)
    )


def _doubtful_node(doubt: Doubt, weighed: Sequence[_Opened], judge: _Opened | None) -> Finding:
    node = f"tree node ({doubt.level}, {doubt.index}) over entries {doubt.first} to {doubt.last}"
    what = "is missing" if doubt.stored is None else "was changed"
    if judge:
        return Finding(Place.NODE, doubt.first, f"{node} {what}: {judge} fits the entries")
    if doubt.stored is None:  # its last entry should have brought it
        return Finding(Place.NODE, doubt.last, f"{node} {what}")
    settled = max((each.size for each in weighed if each.fits), default=0)
    first = max(doubt.first, settled)
    return Finding(Place.NODE, first, f"{node} {what}, or an entry from {first} on was changed")


def _doubtful_entry(doubt: Doubt, judge: _Opened | None, walk: Walk) -> Finding:
    index = doubt.index
    if judge and (judge.fit is Fit.ENTRIES or doubt.stored == doubt.computed):
        what = "is missing" if doubt.stored is None else "was changed"
        reason = f"the stored hash of entry {index} {what}: {judge} fits the entry itself"
        return Finding(Place.NODE, index, reason)
    if doubt.stored is None:
        return Finding(Place.ENTRY, index, f"entry {index} is not in the tree")
    if judge:
        reason = f"entry {index} was changed: {judge} fits its stored hash"
    else:
        reason = f"entry {index} or its stored hash was changed: no checkpoint tells which"
    known = walk.known_as(doubt.computed)
    moved = "" if known in (None, index) else f"; it holds what was entry {known}"
    return Finding(Place.ENTRY, index, reason + moved)


def _beyond(weighed: Sequence[_Opened], walk: Walk) -> list[Finding]:
    """(5) The first entry that a checkpoint counted and the log no longer has."""
    lost = [each for each in weighed if each.fit is Fit.BEYOND and not walk.broken]
    end = walk.size
    return [
        Finding(Place.ENTRY, end, f"entry {end} is missing: {each} counted it") for each in lost[:1]
    ]


def _contradictions(weighed: Sequence[_Opened]) -> list[Finding]:
    """(7) Checkpoints that cannot both be of one log."""
    rivals = [(a, b) for a, b in pairwise(weighed) if a.size == b.size and a.root != b.root]
    newest = next((each for each in reversed(weighed) if each.fits), None)
    if newest:
        rivals += [
            (each, newest)
            for each in weighed
            if each.fit is Fit.NEITHER and each.size < newest.size
        ]
    return [
        Finding(
            Place.CHECKPOINT,
            max((each.size for each in weighed if each.fits and each.size < one.size), default=0),
            f"{one} and {other} contradict each other: they sign different histories",
        )
        for one, other in rivals
    ]


def _changed_with_nodes(weighed: Sequence[_Opened]) -> list[Finding]:
    """(6) The stretch in which entries were changed together with their nodes."""
    settled = max((each.size for each in weighed if each.fits), default=0)
    for each in weighed:
        if each.fit is Fit.NEITHER and each.size > settled:
            reason = (
                f"an entry from {settled} to {each.size - 1} was changed together with its nodes: "
                f"{each} signs another root; the last checkpoint that fits has size {settled}"
            )
            return [Finding(Place.ENTRY, settled, reason)]
    return []


def _by_entry(findings: Sequence[Finding], unvouched: int | None) -> tuple[Finding, ...]:
    """The findings by entry; after them those that only leave entries from `unvouched` on open."""
    named = sorted((each for each in findings if each.index is not None), key=_index)
    others = (replace(each, index=unvouched) for each in findings if each.index is None)
    return (*named, *others)


def _once_unsigned(index: int) -> str:
    """(9)."""
    return (
        f"entry {index} says that before it entries or rows stood unsigned: the log's key was not "
        "there, or an earlier release wrote them, or somebody else"
    )


def _index(finding: Finding) -> int:
    return finding.index or 0


def _not_excluded(outside: Outside, covered: int, size: int) -> tuple[str, ...]:
    """(9) What an honest answer has to add."""
    said: list[str] = []
    if outside.key is None:
        said.append(
            "the key lay beside the database: whoever holds both could have rewritten everything "
            "and signed it again (repeat with `--key` and a key kept elsewhere)"
        )
    if outside.checkpoint is None:
        said.append(
            "the log may have been cut back to an older checkpoint, or rewritten by the holder of "
            "the signing key (repeat with `--checkpoint` and a checkpoint kept elsewhere)"
        )
    else:
        said.append(
            "entries after the outside checkpoint may have been cut off, or rewritten by the "
            "holder of the signing key (keep a newer checkpoint elsewhere)"
        )
    if covered < size:
        said.append(
            f"entries {covered} to {size - 1} are not yet covered by a checkpoint: they may have "
            "been altered together with their nodes"
        )
    return tuple(said)
