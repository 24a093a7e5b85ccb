"""A tampered index (S19, S22, S56).

The attacker can write the index's files, not the record: he plants cases, brings another store's
index, cuts a file short, or leaves a file in the working directory. He wants a case recalled that
the record does not hold, or the process dead or running his code.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from govagents.adapters import chroma, precedents
from govagents.adapters.chroma import ChromaIndex
from govagents.adapters.embedders import LexicalHash
from govagents.adapters.precedents import IndexedMemory
from govagents.adapters.vectors import Entry, Hit, Vectors
from govagents.domain.ids import RequestId
from govagents.domain.precedent import Recalled
from govagents.domain.text import Untrusted
from tests.unit.memory.cases import ASKED, OTHER, READ, WRITE, Ledger, precedent

NEW, OLD = RequestId("req_new"), RequestId("req_old")
WORDS = (Untrusted(ASKED),)
SMALL = LexicalHash(id="small/1", dim=8)


@pytest.fixture
def ledger() -> Ledger:
    record = Ledger()
    record.close(precedent("req_old", READ), OTHER)
    return record


def recall(ledger: Ledger, folder: Path) -> Recalled:
    memory = IndexedMemory(ledger, LexicalHash(), folder)
    recalled = memory.recall(NEW, WORDS)
    memory.close()
    return recalled


def test_a_case_planted_in_the_index_is_contained(ledger: Ledger, tmp_path: Path) -> None:
    honest = recall(ledger, tmp_path)
    vector = LexicalHash().vectors([ASKED])[0]
    planted = [Entry(RequestId("req_planted"), "digest", vector)]
    index = ChromaIndex(tmp_path / "chroma", LexicalHash())
    index.put(planted)
    index.close()
    Vectors(tmp_path / "vectors.sqlite", LexicalHash()).put(planted)

    assert recall(ledger, tmp_path) == honest


def test_a_vector_moved_in_chroma_is_contained(ledger: Ledger, tmp_path: Path) -> None:
    """How near a case is, Chroma is not asked."""
    honest = recall(ledger, tmp_path)
    index = ChromaIndex(tmp_path / "chroma", LexicalHash())
    index.put([Entry(OLD, "digest", LexicalHash().vectors([ASKED])[0])])
    index.close()

    assert recall(ledger, tmp_path) == honest
    assert honest.cases[0][1] < 30


def test_another_stores_index_is_contained(ledger: Ledger, tmp_path: Path) -> None:
    """S56: its request has the same id by chance, but not the same salted digest."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    foreign = Ledger()
    foreign.close(precedent("req_old", WRITE, text_digest="of another store"), ASKED)
    honest, theirs = recall(ledger, here), recall(foreign, there)
    shutil.rmtree(here)

    shutil.copytree(there, here)

    assert theirs.cases[0][1] == 100
    assert recall(ledger, here) == honest


def test_a_hit_of_erased_words_is_refused(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever kept the vector of erased words could test guesses against it."""
    ledger.texts[OLD] = ASKED
    first = recall(ledger, tmp_path)
    del ledger.texts[OLD]

    with monkeypatch.context() as patch:
        patch.setattr(precedents, "_gone", lambda *_: False)
        harmed = recall(ledger, tmp_path)
    found = recall(ledger, tmp_path)

    assert first.cases[0][1] == harmed.cases[0][1] == 100
    assert found.cases == ()
    assert Vectors(tmp_path / "vectors.sqlite", LexicalHash()).comparable() == frozenset()
    index = ChromaIndex(tmp_path / "chroma", LexicalHash())
    assert index.known() == frozenset()
    index.close()


def test_guessing_erased_words_is_refused_when_they_were_forgotten(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.texts[OLD] = ASKED
    memory = IndexedMemory(ledger, LexicalHash(), tmp_path)
    memory.recall(NEW, WORDS)
    vectors = Vectors(tmp_path / "vectors.sqlite", LexicalHash())
    guess = LexicalHash().vectors([ASKED])[0]
    before = vectors.nearest(guess, {OLD}, 1)
    del ledger.texts[OLD]

    memory.forget(OLD)
    memory.rebuild()

    memory.close()
    assert before == (Hit(OLD, 100),)
    assert vectors.nearest(guess, {OLD}, 1) == ()


LOOK = """
import os, sys
from pathlib import Path
from govagents.adapters.chroma import ChromaIndex
from govagents.adapters.embedders import LexicalHash

if sys.argv[2] == "unguarded":
    ChromaIndex._check = lambda self: None
index = ChromaIndex(Path(sys.argv[1]), LexicalHash(id="small/1", dim=8))
index.nearest([0.5] * 8, 10)
print(len(index.known()), flush=True)
os._exit(0)
"""


def look_into(folder: Path, mode: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, which is killed rather than closed."""
    command = [sys.executable, "-c", LOOK, str(folder), mode]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """An index large enough to have segments."""
    index = ChromaIndex(tmp_path / "chroma", SMALL)
    vectors = [[float(1 + (number >> place) % 2) for place in range(8)] for number in range(1200)]
    index.put([Entry(RequestId(f"req_{n}"), "d", vector) for n, vector in enumerate(vectors)])
    index.close()
    return tmp_path / "chroma"


def test_a_file_cut_short_is_detected_before_it_kills(filled: Path, tmp_path: Path) -> None:
    """A truncated segment of Chroma 1.5.9 ends the process that opens it, and every next one."""
    for segment in filled.rglob("*.bin"):
        os.truncate(segment, segment.stat().st_size // 2)
    copy = tmp_path / "copy" / "chroma"
    shutil.copytree(filled, copy)
    shutil.copy(tmp_path / "chroma.seal", copy.with_name("chroma.seal"))

    kept, killed = look_into(filled, "guarded"), look_into(copy, "unguarded")
    again = look_into(copy, "guarded")

    assert (kept.returncode, kept.stdout) == (0, "0\n")
    assert killed.returncode == -signal.SIGSEGV
    assert (again.returncode, again.stdout) == (0, "0\n")


def test_a_file_changed_in_place_is_detected(filled: Path) -> None:
    """Opened, it may end the process or keep it busy for ever: so it is not tried here."""
    (segment,) = filled.rglob("data_level0.bin")
    segment.write_bytes(bytes(255 - byte for byte in segment.read_bytes()))

    looked = look_into(filled, "guarded")

    assert (looked.returncode, looked.stdout) == (0, "0\n")


def test_an_index_left_in_order_is_kept(filled: Path) -> None:
    """What the two above remove is there otherwise, closed or not."""
    first, second = look_into(filled, "guarded"), look_into(filled, "guarded")

    assert first.stdout == second.stdout == "1200\n"


def test_a_settings_file_in_the_working_directory_is_refused(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma would read it, and import the class that it names."""
    from chromadb.config import Settings  # noqa: PLC0415  # half a second, for one test

    (tmp_path / ".env").write_text("chroma_api_impl=planted.module.Api\n")
    monkeypatch.setenv("CHROMA_SEGMENT_CACHE_POLICY", "planted")
    monkeypatch.chdir(tmp_path)

    ours = chroma._settings()
    theirs = Settings(anonymized_telemetry=False)

    assert (ours.chroma_api_impl, ours.chroma_segment_cache_policy) == (
        "chromadb.api.rust.RustBindingsAPI",
        None,
    )
    assert (theirs.chroma_api_impl, theirs.chroma_segment_cache_policy) == (
        "planted.module.Api",
        "planted",
    )
    assert recall(ledger, tmp_path).cases
    assert _indexed(tmp_path) == {OLD}


def _indexed(folder: Path) -> frozenset[RequestId]:
    index = ChromaIndex(folder / "chroma", LexicalHash())
    known = index.known()
    index.close()
    return known
