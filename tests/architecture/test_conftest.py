"""conftest.py keeps its promises, shown on small runs in a checkout of their own."""

import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

pytest_plugins = "pytester"

SKIPS = """
import pytest

@pytest.mark.shared
@pytest.mark.parametrize("n", [1, 2])
def test_reads_what_lies_beside(n): pass

def test_asks_a_directory(): pytest.skip("needs `slapd`: it is not installed")

@pytest.mark.go
def test_asks_go(): pytest.skip("needs `go`: it is not installed")

@pytest.mark.xfail(reason="known")
def test_is_known_to_fail(): assert False

def test_passes(): pass
"""

SKIPS_WHOLE = """
import pytest
pytest.skip("needs `etcd`: it is not installed", allow_module_level=True)
"""

CONNECTS = """
import socket, pytest

def test_loopback_answers():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1])).close()

def test_a_socket_file_answers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("door"); server.listen(); client.connect("door")

@pytest.mark.parametrize("address", ["192.0.2.1", "::ffff:192.0.2.1", "example.org"])
def test_outside_is_reached(address):
    try: socket.create_connection((address, 9), timeout=1).close()
    except OSError: pass

def test_outside_is_reached_without_a_name():
    with socket.socket() as client: client.connect_ex(("192.0.2.1", 9))

def test_outside_is_sent_to():
    with socket.socket(type=socket.SOCK_DGRAM) as client: client.sendto(b"x", ("192.0.2.1", 9))
"""

ENVIRONMENT = """
import os

def test_is_set():
    assert os.environ["LANGGRAPH_STRICT_MSGPACK"] == "true"
    assert os.environ["LANGSMITH_TRACING"] == "false"
    assert "GOVAGENTS_HOME" not in os.environ
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A checkout of its own, with this conftest and nothing beside it."""
    checkout = pytester.mkdir("checkout")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    markers = "\n    ".join(settings["tool"]["pytest"]["ini_options"]["markers"])
    (checkout / "pytest.ini").write_text(f"[pytest]\nmarkers =\n    {markers}\n", "utf-8")
    (checkout / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("GOVAGENTS_TEST_ALL", raising=False)
    return pytester


def test_the_last_line_names_what_is_missing_when_tests_are_skipped(run: pytest.Pytester) -> None:
    Path("test_skips.py").write_text(SKIPS)
    Path("test_whole.py").write_text(SKIPS_WHOLE)

    result = run.runpytest_subprocess()

    result.assert_outcomes(passed=1, skipped=5, xfailed=1)
    assert result.ret == 0
    assert result.outlines[-1] == (
        "skipped: 1 for want of etcd (test_whole.py); 1 for want of go (test_asks_go); "
        "2 for want of shared (test_skips.py x2); 1 for want of slapd (test_asks_a_directory)"
    )


def test_a_skip_is_a_failure_when_everything_is_wanted(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVAGENTS_TEST_ALL", "1")
    Path("test_skips.py").write_text(SKIPS)

    result = run.runpytest_subprocess()

    result.assert_outcomes(passed=1, skipped=2, failed=2, xfailed=1)
    assert result.outlines[-1] == "skipped: 2 for want of shared (test_skips.py x2)"
    result.stdout.fnmatch_lines(["*a skip is a failure under GOVAGENTS_TEST_ALL=1: needs `slapd`*"])


def test_a_file_that_skips_itself_is_an_error_when_everything_is_wanted(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOVAGENTS_TEST_ALL", "1")
    Path("test_whole.py").write_text(SKIPS_WHOLE)

    result = run.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    assert result.ret != 0


def test_shared_tests_run_when_the_folder_lies_beside_the_checkout(run: pytest.Pytester) -> None:
    (Path.cwd().parent / "shared" / "data").mkdir(parents=True)
    Path("test_skips.py").write_text(SKIPS)

    result = run.runpytest_subprocess("-k", "lies_beside")

    result.assert_outcomes(passed=2, deselected=4)
    assert result.outlines[-1] == "skipped: nothing"


def test_only_loopback_is_reached_when_a_test_connects(run: pytest.Pytester) -> None:
    Path("test_connects.py").write_text(CONNECTS)

    result = run.runpytest_subprocess()

    result.assert_outcomes(passed=2, failed=5)
    told = [line for line in result.outlines if line.startswith("E ") and "is closed" in line]
    assert len(told) == 5


def test_the_environment_is_set_when_nothing_is_imported_yet(
    run: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LANGGRAPH_STRICT_MSGPACK", "LANGSMITH_TRACING"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("GOVAGENTS_HOME", "somebody's own")
    Path("test_environment.py").write_text(ENVIRONMENT)

    run.runpytest_subprocess().assert_outcomes(passed=1)
