"""What memory promises its callers, whatever happens to its indexes. Shows S19, S22."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from govagents.adapters.chroma import ChromaIndex
from govagents.adapters.embedders import LexicalHash
from govagents.adapters.precedents import IndexedMemory
from govagents.adapters.vectors import Entry, IndexUnavailableError
from govagents.domain.ids import RequestId
from govagents.domain.precedent import Recalled
from govagents.domain.text import Untrusted
from govagents.errors import IntegrityError
from tests.unit.memory.cases import ASKED, OTHER, READ, WRITE, Ledger, precedent

NEW = RequestId("req_new")
WORDS = (Untrusted("let me look at the ledger entries of November, Basel office, until tonight"),)
SMALL = LexicalHash(id="small/1", dim=8)

Opened = Callable[[], IndexedMemory]


@pytest.fixture
def ledger() -> Ledger:
    record = Ledger()
    record.close(precedent("req_old", READ), ASKED)
    record.close(precedent("req_far", WRITE), OTHER)
    return record


@pytest.fixture
def open_memory(ledger: Ledger, tmp_path: Path) -> Iterator[Opened]:
    opened: list[IndexedMemory] = []

    def another() -> IndexedMemory:
        opened.append(IndexedMemory(ledger, LexicalHash(), tmp_path))
        return opened[-1]

    yield another
    for memory in opened:
        memory.close()


@pytest.fixture
def expected(open_memory: Opened) -> Recalled:
    """What a whole index answers; it is closed again."""
    return _ask(open_memory)


def test_the_nearest_closed_case_is_recalled_when_its_words_are_similar(
    expected: Recalled,
) -> None:
    """S19."""
    (nearest, similarity), (_, other) = expected.cases

    assert nearest == precedent("req_old", READ)
    assert similarity > 60
    assert other < 30
    assert (expected.embedder, expected.note) == ("lexical-hash/1", "")


def test_a_case_is_recalled_when_it_was_remembered(ledger: Ledger, open_memory: Opened) -> None:
    """S19."""
    case, memory = precedent("req_next", READ), open_memory()
    ledger.texts[case.request] = WORDS[0].raw()

    memory.remember(case, WORDS)

    assert memory.recall(NEW, WORDS).cases[0] == (case, 100)


def test_a_request_never_recalls_itself(open_memory: Opened) -> None:
    recalled = open_memory().recall(RequestId("req_old"), WORDS)

    assert [case.request for case, _ in recalled.cases] == ["req_far"]


@pytest.mark.parametrize("lost", ["chroma", "vectors.sqlite", "chroma.seal"])
def test_the_index_is_made_again_when_it_was_deleted(
    lost: str, expected: Recalled, open_memory: Opened, tmp_path: Path
) -> None:
    """S22: nothing but the record has to survive."""
    path = tmp_path / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    assert _ask(open_memory) == expected
    assert _indexed(tmp_path) == {"req_old", "req_far"}


@pytest.mark.parametrize("file", ["chroma/chroma.sqlite3", "chroma.seal"])
def test_the_index_is_made_again_when_it_is_garbage(
    file: str, expected: Recalled, open_memory: Opened, tmp_path: Path
) -> None:
    (tmp_path / file).write_bytes(b"garbage")

    assert _ask(open_memory) == expected
    assert _indexed(tmp_path) == {"req_old", "req_far"}


def test_what_chroma_complains_of_is_looked_up_without_it_and_made_again(
    expected: Recalled, open_memory: Opened, tmp_path: Path
) -> None:
    inside = tmp_path / "chroma" / "chroma.sqlite3"
    inside.write_bytes(b"x" * inside.stat().st_size)
    _seal_again(tmp_path)

    first, second = _ask(open_memory), _ask(open_memory)

    assert (first, second) == (expected, expected)


def test_recall_is_empty_and_says_so_once_when_the_vectors_are_garbage(
    expected: Recalled, open_memory: Opened, tmp_path: Path
) -> None:
    (tmp_path / "vectors.sqlite").write_bytes(b"garbage " * 1000)
    memory = open_memory()

    first, second = memory.recall(NEW, WORDS), memory.recall(NEW, WORDS)

    assert first.cases == ()
    assert first.note.startswith("the vectors of closed cases cannot be used now:")
    assert second == expected


def test_a_case_is_not_recalled_when_the_record_no_longer_holds_it(
    expected: Recalled, ledger: Ledger, open_memory: Opened, tmp_path: Path
) -> None:
    """S22."""
    ledger.cases = ledger.cases[1:]

    recalled = _ask(open_memory)

    assert len(expected.cases) == 2
    assert [case.request for case, _ in recalled.cases] == ["req_far"]
    assert _indexed(tmp_path) == {"req_far"}


def test_a_second_process_scans_and_answers_alike_when_the_first_holds_the_index(
    expected: Recalled, open_memory: Opened, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from govagents.adapters.chroma import ChromaIndex\n"
        "from govagents.adapters.embedders import LexicalHash\n"
        "print(len(ChromaIndex(Path(sys.argv[1]), LexicalHash()).known()), flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "chroma")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        held = holder.stdout.readline().strip()
        recalled = open_memory().recall(NEW, WORDS)
        with pytest.raises(IndexUnavailableError, match="in use by another process"):
            ChromaIndex(tmp_path / "chroma", LexicalHash()).known()
        holder.communicate()

    assert held == "2"
    assert recalled == expected
    assert _indexed(tmp_path) == {"req_old", "req_far"}


def test_scan_and_index_agree_when_there_are_many_cases(
    ledger: Ledger, open_memory: Opened
) -> None:
    for number in range(120):
        words = f"{ASKED} {'Zurich ' * (number % 7)} team {number} {'export ' * (number % 5)}"
        ledger.close(precedent(f"req_{number:03}"), words)
    first, second = open_memory(), open_memory()

    by_index, by_scan = first.recall(NEW, WORDS), second.recall(NEW, WORDS)

    assert len(by_index.cases) == 32
    assert by_index == by_scan


def test_a_case_is_kept_and_found_later_when_the_vectors_were_busy(
    expected: Recalled, ledger: Ledger, open_memory: Opened, tmp_path: Path
) -> None:
    case, memory = precedent("req_next", READ), open_memory()
    ledger.texts[case.request] = WORDS[0].raw()

    with closing(sqlite3.connect(tmp_path / "vectors.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        memory.remember(case, WORDS)
        busy = memory.recall(NEW, WORDS)

    assert expected.cases
    assert case in ledger.cases
    assert busy.cases == ()
    assert busy.note == "the vectors of closed cases cannot be used now: database is locked"
    assert memory.recall(NEW, WORDS).cases[0] == (case, 100)


@pytest.mark.parametrize(("field", "nothing"), [("source", ""), ("entry", -1), ("kind", "")])
def test_a_case_is_refused_when_it_cannot_say_where_it_comes_from(
    field: str, nothing: object, ledger: Ledger, open_memory: Opened
) -> None:
    """S19."""
    kept = len(ledger.cases)

    with pytest.raises(IntegrityError, match=f"without `{field}` is not kept"):
        open_memory().remember(precedent("req_next", **{field: nothing}), WORDS)

    assert len(ledger.cases) == kept


@pytest.mark.parametrize(
    ("words", "note"),
    [((), "the words hold nothing to compare"), ((Untrusted("?"),), "the words hold nothing")],
)
def test_recall_says_so_when_there_is_nothing_to_compare(
    words: tuple[Untrusted, ...], note: str, open_memory: Opened
) -> None:
    recalled = open_memory().recall(NEW, words)

    assert recalled.cases == ()
    assert recalled.note.startswith(note)


def test_no_index_is_opened_when_no_case_is_kept(tmp_path: Path) -> None:
    recalled = IndexedMemory(Ledger(), LexicalHash(), tmp_path).recall(NEW, WORDS)

    assert recalled == Recalled((), "lexical-hash/1", "no closed case is kept yet")
    assert list(tmp_path.iterdir()) == []


def test_rebuild_makes_everything_again_from_the_record(
    expected: Recalled, open_memory: Opened, tmp_path: Path
) -> None:
    memory = open_memory()

    rebuilt = memory.rebuild()

    assert rebuilt == (2, 2, 2, "")
    assert memory.recall(NEW, WORDS) == expected
    memory.close()
    assert _indexed(tmp_path) == {"req_old", "req_far"}


def test_rebuild_says_so_when_another_process_holds_the_index(open_memory: Opened) -> None:
    first, second = open_memory(), open_memory()
    first.recall(NEW, WORDS)

    assert second.rebuild() == (2, 2, 0, "the index of closed cases is in use by another process")


def test_an_index_that_is_far_behind_is_scanned_and_filled_bit_by_bit(
    ledger: Ledger, tmp_path: Path
) -> None:
    for number in range(300):
        ledger.close(precedent(f"req_{number:03}"), f"{ASKED} {number}")
    memory = IndexedMemory(ledger, SMALL, tmp_path)

    sizes = [len(memory.recall(NEW, WORDS).cases) for _ in range(3)]
    memory.close()

    assert sizes == [32, 32, 32]
    assert len(_indexed(tmp_path, SMALL)) == 302


def test_an_index_of_another_embedder_is_refused_until_it_is_rebuilt(
    expected: Recalled, ledger: Ledger, tmp_path: Path
) -> None:
    other = LexicalHash(id="other/1")
    index = ChromaIndex(tmp_path / "chroma", other)

    with pytest.raises(IndexUnavailableError, match="holds vectors of `lexical-hash/1`"):
        index.known()
    index.close()
    scanned = IndexedMemory(ledger, other, tmp_path)
    answer = scanned.recall(NEW, WORDS)
    rebuilt = scanned.rebuild()
    scanned.close()

    assert answer.cases == expected.cases
    assert answer.embedder == "other/1"
    assert rebuilt.indexed == 2
    assert _indexed(tmp_path, other) == {"req_old", "req_far"}


def test_a_query_of_another_length_is_refused(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path / "chroma", SMALL)

    with pytest.raises(IndexUnavailableError, match="a query of 9 numbers does not fit `small/1`"):
        index.nearest([1.0] * 9, 5)


def test_nothing_is_embedded_by_chroma(tmp_path: Path) -> None:
    """Its own embedder would download one; the tests' network is closed."""
    index = ChromaIndex(tmp_path / "chroma", SMALL)
    index.put([Entry(NEW, "digest", [1.0] + [0.0] * 7)])

    found = index.nearest([1.0] + [0.0] * 7, 5)
    index.close()

    assert found == {"req_new"}


def test_files_are_their_owners_alone(expected: Recalled, tmp_path: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}

    assert expected.cases
    assert (modes["chroma"], modes["vectors.sqlite"], modes["chroma.lock"]) == (0o700, 0o600, 0o600)


def test_importing_memory_imports_no_index() -> None:
    code = (
        "import sys, govagents.memory, govagents.adapters.precedents\n"
        "print({'chromadb', 'numpy', 'langgraph'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def _seal_again(folder: Path) -> None:
    """As if the damage had been done before the index was last left in order."""
    index = ChromaIndex(folder / "chroma", LexicalHash())
    index._seal()


def _ask(open_memory: Opened) -> Recalled:
    memory = open_memory()
    recalled = memory.recall(NEW, WORDS)
    memory.close()
    return recalled


def _indexed(folder: Path, embedder: LexicalHash | None = None) -> frozenset[str]:
    index = ChromaIndex(folder / "chroma", embedder or LexicalHash())
    known = frozenset(str(item) for item in index.known())
    index.close()
    return known
