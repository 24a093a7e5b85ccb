"""What a bundle of the log proves to somebody who has no store, and the making of one.

Rules:
1. All entries: everything is recomputed from them, as from a store (`verify`).
2. Some entries: each proof ends at the root of a checkpoint in the bundle that the key opened.
3. A checkpoint that was kept elsewhere is one of this log: its root is recomputed, is that of a
   checkpoint of the same size, or is proved to be continued. Anything else is a finding.
4. A bundle that proves nothing is not good. What a good one leaves open is said.
5. Nothing is made from a log that is not whole: the copy to keep as evidence is the store itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from govagents.audit.bundle import Bundle, Included
from govagents.audit.checkpoint import Checkpoint, Rejected, VerifyKey
from govagents.audit.tree import Node, Tree
from govagents.audit.verify import Outside, Stored, Verification, verify
from govagents.audit.walk import Finding, Place, StoredEntry
from govagents.errors import InputError, IntegrityError


def kept(stored: Stored) -> Stored:
    """The same, to be read more than once."""
    entries, nodes = tuple(stored.entries), tuple(stored.nodes)
    return Stored(entries, nodes, tuple(stored.checkpoints), stored.key)


def everything(stored: Stored) -> Bundle:
    """The whole log.

    Raises:
        IntegrityError: it is not whole.
    """
    stored = kept(stored)
    _insist(verify(stored, Outside()))
    entries = tuple(entry.leaf for entry in stored.entries)
    return Bundle(str(stored.key), tuple(stored.checkpoints), entries)


def proved(stored: Stored, indexes: Sequence[int], held: str | None = None) -> Bundle:
    """These entries under the newest checkpoint, which continues the one that is `held`.

    Raises:
        InputError: there is no such entry, or none that is signed.
        IntegrityError: the log is not whole, or does not continue `held`.
    """
    stored = kept(stored)
    _insist(verify(stored, Outside(checkpoint=held)))
    size, note = _newest(stored, held)
    leaves = [entry.leaf for entry in stored.entries][:size]
    beyond = [index for index in indexes if index not in range(size)]
    if beyond or not indexes:
        which = f"entry `{beyond[0]}`" if beyond else "entry to prove"
        raise InputError(
            f"there is no {which} among the {size} that are signed: `govagents audit show` has them"
        )
    tree = Tree(_Grown(leaves), size)
    old = _size_of(held, stored.key)
    return Bundle(
        vkey=str(stored.key),
        checkpoints=(note,),
        included=tuple(Included(leaves[each], tree.prove_inclusion(each)) for each in indexes),
        continued=(tree.prove_consistency(old),) if 0 < old < size else (),
    )


def check(bundle: Bundle, outside: Outside) -> Verification:
    """What a bundle proves to somebody who has no store."""
    key = key_for(bundle, outside)
    nodes = _Grown(bundle.entries).nodes()
    entries = [StoredEntry(index, leaf) for index, leaf in enumerate(bundle.entries)]
    if bundle.entries:
        found = verify(Stored(entries, nodes, bundle.checkpoints, key), outside)  # (1)
    else:
        found = _of_proofs(bundle, key, outside)
    roots = {each.size: each.root for each in found.checked}
    wrong = (*_not_included(bundle, roots), *_not_continued(bundle, roots, key, outside))
    return replace(
        found,
        findings=(*found.findings, *wrong),
        not_excluded=_not_excluded(bundle, outside),
    )


def key_for(bundle: Bundle, outside: Outside) -> VerifyKey | None:
    """SECURITY: the bundle's key never stands in for the auditor's: whoever made it chose that."""
    if outside.key is not None:
        return outside.key
    parsed = VerifyKey.parse(bundle.vkey)
    return None if isinstance(parsed, Rejected) else parsed


class _Grown:
    """Every complete subtree over some entries."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._digests: dict[tuple[int, int], bytes] = {}
        for size, leaf in enumerate(leaves):
            added = Tree(self, size).append(leaf)
            self._digests.update(((node.level, node.index), node.digest) for node in added)

    def node(self, level: int, index: int) -> bytes:
        return self._digests[level, index]

    def nodes(self) -> list[Node]:
        return [Node(*key, digest) for key, digest in self._digests.items()]


def _newest(stored: Stored, held: str | None) -> tuple[int, str]:
    """The checkpoint of most entries, and of how many."""
    notes = [*stored.checkpoints, held] if held else stored.checkpoints
    return max((_size_of(note, stored.key), note) for note in notes)


def _size_of(note: str | None, key: VerifyKey | None) -> int:
    opened = key.open(note) if key and note else None
    return opened.size if isinstance(opened, Checkpoint) else 0


def _insist(found: Verification) -> None:
    """(5)."""
    if not found.ok:
        message = f"the log is not whole: {found.reason}; `govagents audit verify` says all of it"
        raise IntegrityError(message)


def _of_proofs(bundle: Bundle, key: VerifyKey | None, outside: Outside) -> Verification:
    """(2) (4) What the checkpoints say, as far as the key opens them."""
    opened = [key.open(note) if key else None for note in bundle.checkpoints]
    good = tuple(each for each in opened if isinstance(each, Checkpoint))
    findings = [
        _finding(f"checkpoint {n} is refused: {each or 'there is no key to open it with'}")
        for n, each in enumerate(opened, start=1)
        if not isinstance(each, Checkpoint)
    ]
    newest = max(good, key=lambda each: each.size, default=None)
    if newest is None:
        findings.append(_finding("no checkpoint vouches for anything"))
    if not bundle.included:
        findings.append(_finding("the bundle proves nothing: it holds neither entries nor proofs"))
    findings += _roots_that_differ(good)
    findings += _not_of_this_log(bundle, good, key, outside)
    return Verification(
        size=newest.size if newest else 0,
        root=newest.root if newest else b"",
        covered=newest.size if newest else 0,
        checked=good,
        findings=tuple(findings),
        not_excluded=(),
    )


def _roots_that_differ(checked: Sequence[Checkpoint]) -> list[Finding]:
    roots = {each.size: each.root for each in checked}
    return [
        _finding(f"two checkpoints of {each.size} entries contradict each other")
        for each in checked
        if roots[each.size] != each.root
    ]


def _not_of_this_log(
    bundle: Bundle, checked: Sequence[Checkpoint], key: VerifyKey | None, outside: Outside
) -> list[Finding]:
    """(3) A proof is what is asked for here; whether it holds is asked by `_not_continued`."""
    if outside.checkpoint is None or key is None:
        return []
    held = key.open(outside.checkpoint)
    if isinstance(held, Rejected):
        return [_finding(f"the outside checkpoint is refused: {held}")]
    same = [each for each in checked if each.size == held.size]
    if same and same[0].root != held.root:
        reason = f"the outside checkpoint of {held.size} entries signs another history"
        return [_finding(reason)]
    newest = max((each.size for each in checked), default=0)
    led_to = any(each.old_size == held.size and each.size == newest for each in bundle.continued)
    if held.size in {0, newest} or led_to:
        return []
    return [
        _finding(
            f"nothing proves that the log continues the outside checkpoint of {held.size} entries "
            "(make the proof with `--checkpoint`, or take a newer one)"
        )
    ]


def _not_included(bundle: Bundle, roots: Mapping[int, bytes]) -> list[Finding]:
    """(2)."""
    return [
        Finding(
            Place.ENTRY,
            each.proof.index,
            f"entry {each.proof.index} is not proved to be under a checkpoint of "
            f"{each.proof.size} entries",
        )
        for each in bundle.included
        if each.proof.size not in roots or not each.proof.proves(each.entry, roots[each.proof.size])
    ]


def _not_continued(
    bundle: Bundle, roots: Mapping[int, bytes], key: VerifyKey | None, outside: Outside
) -> list[Finding]:
    """(2) (3)."""
    held = key.open(outside.checkpoint) if key and outside.checkpoint else None
    known = {held.size: held.root, **roots} if isinstance(held, Checkpoint) else roots
    return [
        _finding(
            f"the log of {each.size} entries is not proved to continue that of {each.old_size}"
        )
        for each in bundle.continued
        if each.size not in roots
        or (each.old_size in known and not each.proves(known[each.old_size], roots[each.size]))
    ]


def _not_excluded(bundle: Bundle, outside: Outside) -> tuple[str, ...]:
    """(4)."""
    said: list[str] = []
    if outside.key is None:
        said.append(
            "the key came with the bundle: whoever made it could have signed anything "
            "(repeat with `--key` and a key kept elsewhere)"
        )
    if outside.checkpoint is None:
        said.append(
            "the log may have been cut back, or rewritten by the holder of the signing key "
            "(repeat with `--checkpoint` and a checkpoint kept elsewhere)"
        )
    else:
        said.append(
            "entries after the outside checkpoint may have been cut off, or rewritten by the "
            "holder of the signing key (keep a newer checkpoint elsewhere)"
        )
    if not bundle.entries:
        said.append("nothing is said about entries that are not proved here")
    return tuple(said)


def _finding(reason: str) -> Finding:
    return Finding(Place.CHECKPOINT, None, reason)
