"""The log as a verifier sees it that we did not write: Go's checksum database code.

`goverify/main.go` uses golang.org/x/mod/sumdb/{note,tlog} and nothing of ours. What it accepts and
refuses shows that a checkpoint, a root and a proof mean to others what they mean to us.
"""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from govagents.audit.bundle import Bundle, written
from govagents.audit.checkpoint import Checkpoint
from govagents.audit.proving import everything, proved
from govagents.audit.tree import Tree
from tests.unit.audit.tamperable import KEEPER, STRANGER, Log, flipped

Task: TypeAlias = dict[str, object]
Verify: TypeAlias = Callable[[Sequence[Task]], list[Mapping[str, object]]]

SOURCE = Path(__file__).parent / "goverify" / "main.go"
GOPATH = Path("/usr/share/gocode")
GO = shutil.which("go")
SIZES = (1, 2, 3, 7, 8, 21, 32, 33)
ED25519 = b"\x01"

pytestmark = [
    pytest.mark.go,
    pytest.mark.skipif(
        GO is None or not (GOPATH / "src/golang.org/x/mod/sumdb").is_dir(),
        reason="needs `go`: install golang-go and golang-golang-x-mod-dev",
    ),
]


@pytest.fixture(scope="module")
def goverify(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Verify:
    assert GO is not None
    assert pytestconfig.cache is not None
    program = tmp_path_factory.mktemp("goverify") / "goverify"
    environment = {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(pytestconfig.cache.mkdir("go-build")),
        "GOPROXY": "off",
        "CGO_ENABLED": "0",
    }
    subprocess.run([GO, "build", "-o", program, SOURCE], check=True, env=environment)

    def verify(tasks: Sequence[Task]) -> list[Mapping[str, object]]:
        lines = "\n".join(json.dumps(task) for task in tasks)
        done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    return verify


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def log_of(size: int = SIZES[-1]) -> Log:
    return Log.written([b'{"entry":%d}' % index for index in range(size)], SIZES)


def task(log: Log) -> Task:
    """All that an auditor would be handed: entries, checkpoints, and proofs between all of them."""
    trees = [Tree(log, size) for size in SIZES]
    included = [tree.prove_inclusion(index) for tree in trees for index in range(tree.size)]
    continued = [tree.prove_consistency(old) for tree in trees for old in SIZES if old <= tree.size]
    return {
        "vkey": str(KEEPER.key),
        "checkpoints": list(log.notes),
        "entries": [encoded(leaf) for leaf in log.leaves],
        "inclusion": [
            {"index": p.index, "size": p.size, "path": [*map(encoded, p.path)]} for p in included
        ],
        "consistency": [
            {"old_size": p.old_size, "size": p.size, "path": [*map(encoded, p.path)]}
            for p in continued
        ],
    }


def test_go_accepts_every_checkpoint_and_proof_when_the_log_is_honest(goverify: Verify) -> None:
    """S78."""
    assert goverify([task(log_of())]) == [{"ok": True}]


def test_go_signs_the_same_bytes_when_it_has_our_seed(goverify: Verify) -> None:
    """S78: Ed25519 is deterministic, so one note has one form."""
    text = Checkpoint(KEEPER.name, 7, bytes(32)).text()
    skey = f"PRIVATE+KEY+{KEEPER.name}+{KEEPER.key.id.hex()}+{encoded(ED25519 + KEEPER.seed)}"

    answers = goverify([{"skey": skey, "text": text}])

    assert answers == [{"ok": True, "note": KEEPER.sign(7, bytes(32))}]


def test_we_open_what_go_signed_when_the_key_is_ours(goverify: Verify) -> None:
    """S78."""
    skey = f"PRIVATE+KEY+{STRANGER.name}+{STRANGER.key.id.hex()}+{encoded(ED25519 + STRANGER.seed)}"
    checkpoint = Checkpoint(STRANGER.name, 10**12, bytes(range(32)))

    (answer,) = goverify([{"skey": skey, "text": checkpoint.text()}])

    assert STRANGER.key.open(str(answer["note"])) == checkpoint


def test_go_refuses_the_log_when_any_entry_was_changed(goverify: Verify) -> None:
    """S78."""
    tasks = []
    for index in range(SIZES[-1]):
        log = log_of()
        log.leaves[index] = flipped(log.leaves[index], 3)
        tasks.append(task(log))

    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)


def test_go_refuses_the_log_when_any_entry_was_dropped(goverify: Verify) -> None:
    """S78."""
    tasks = []
    for index in range(SIZES[-1]):
        log = log_of()
        whole = task(log)
        del log.leaves[index]
        tasks.append(whole | {"entries": [encoded(leaf) for leaf in log.leaves]})

    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)


def test_go_refuses_the_log_when_neighbours_were_swapped(goverify: Verify) -> None:
    """S78."""
    tasks = []
    for index in range(SIZES[-1] - 1):
        log = log_of()
        log.swap(index, index + 1)
        tasks.append(task(log))

    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)


def test_go_refuses_the_log_when_it_was_rebuilt_over_a_change(goverify: Verify) -> None:
    """S78."""
    tasks = []
    for index in range(SIZES[-1]):
        log = log_of()
        log.leaves[index] = b"changed"
        log.rebuild()
        tasks.append(task(log))

    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)


def test_go_refuses_a_proof_when_one_bit_of_it_differs(goverify: Verify) -> None:
    """S78: every hash of every path."""
    log = log_of()
    honest = {**task(log), "inclusion": [], "consistency": []}
    tasks: list[Task] = []
    for proof in (Tree(log, 33).prove_inclusion(index) for index in range(33)):
        for at, digest in enumerate(proof.path):
            path = [*proof.path[:at], flipped(digest, 9), *proof.path[at + 1 :]]
            wrong = {"index": proof.index, "size": 33, "path": [*map(encoded, path)]}
            tasks.append({**honest, "inclusion": [wrong]})
    for continued in (Tree(log, 33).prove_consistency(old) for old in SIZES):
        for at, digest in enumerate(continued.path):
            path = [*continued.path[:at], flipped(digest, 9), *continued.path[at + 1 :]]
            wrong = {"old_size": continued.old_size, "size": 33, "path": [*map(encoded, path)]}
            tasks.append({**honest, "consistency": [wrong]})

    assert len(tasks) > 150
    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)


def test_go_refuses_a_checkpoint_when_its_text_or_key_differs(goverify: Verify) -> None:
    """S78."""
    log = log_of()
    raw = log.notes[3].encode()
    honest: Task = {**task(log), "checkpoints": [log.notes[3]], "inclusion": [], "consistency": []}
    tasks = [
        {**honest, "checkpoints": [flipped(raw, bit).decode()]}
        for bit in range(8 * raw.index(b"\n\n"))
        if bit % 8 < 7  # a byte above 0x7f is no UTF-8, which JSON could not carry
    ]
    tasks.append({**honest, "vkey": str(STRANGER.key)})

    accepted, *refused = goverify([honest, *tasks])

    assert accepted == {"ok": True}
    assert [answer["ok"] for answer in refused] == [False] * len(tasks)


def test_go_accepts_what_is_exported_when_nothing_was_changed(goverify: Verify) -> None:
    """S78: the file as it is, with a checkpoint kept elsewhere put beside its own."""
    log = log_of()
    bundle = written(everything(log.stored()))

    assert goverify([bundle, {**bundle, "checkpoints": [log.notes[2]]}]) == [{"ok": True}] * 2


def test_go_refuses_what_is_exported_when_any_entry_was_changed(goverify: Verify) -> None:
    """S78."""
    whole = everything(log_of().stored())
    tasks = []
    for index in range(SIZES[-1]):
        entries = list(whole.entries)
        entries[index] = flipped(entries[index], 5)
        tasks.append(written(replace(whole, entries=tuple(entries))))

    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)


def proofs(log: Log, held: str | None = None) -> Bundle:
    return proved(log.stored(), range(SIZES[-1]), held)


def test_go_accepts_a_proof_of_every_entry_when_it_has_none_of_them(goverify: Verify) -> None:
    """S78: and that the log continues each checkpoint that somebody kept."""
    log = log_of()
    tasks: list[Task] = [written(proofs(log))]
    for note in log.notes:
        task = written(proofs(log, note))
        tasks.append({**task, "checkpoints": sorted({log.notes[-1], note})})

    assert goverify(tasks) == [{"ok": True}] * (1 + len(SIZES))


def test_go_refuses_a_proof_when_its_entry_or_the_checkpoint_kept_is_another(
    goverify: Verify,
) -> None:
    """S78."""
    log, other = log_of(), log_of()
    other.leaves[0] = b"another history"
    other.rebuild()
    other.sign(KEEPER, SIZES)
    bundle = proofs(log, log.notes[3])
    tasks: list[Task] = [
        {**written(bundle), "checkpoints": [log.notes[-1], other.notes[3]]},
        {**written(bundle), "checkpoints": [log.notes[-1]]},
        {**written(bundle), "inclusion": []},
    ]
    for at, each in enumerate(bundle.included):
        wrong = [*bundle.included]
        wrong[at] = replace(each, entry=flipped(each.entry, 1))
        tasks.append(written(replace(bundle, included=tuple(wrong), continued=())))

    assert [answer["ok"] for answer in goverify(tasks)] == [False] * len(tasks)
