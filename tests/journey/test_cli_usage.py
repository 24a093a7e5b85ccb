"""Bad input at the command line: a clear error, the right exit code, nothing lost or half made."""

import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from govagents.testing.company import Company
from tests.journey.terminal import Terminal, sit_at

PROGRAM = (
    "import sys; sys.argv[0] = 'govagents'; from govagents.entrypoints.cli import main; main()"
)
SAM = ("--as", "samuel.adeyemi")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        (("ask", "", *SAM), 2, "say what you need"),
        (("ask", " \n\t ", *SAM), 2, "say what you need"),
        (("ask", "x" * 4001, *SAM), 2, "4000"),
        (("ask", "restart it, 2h", "--as", "nobody"), 2, "no identity `nobody`"),
        (("ask", "restart it, 2h", *SAM, "--for", "samuel"), 2, "did you mean `samuel.adeyemi`?"),
        (("ask", "restart it, 2h"), 2, "add `--as ID`"),
        (("ask", "restart it, 2h", *SAM, "--now", "tomorrow"), 2, "`tomorrow` is not an instant"),
        (("inbox", *SAM, "--now", "2026-11-22T09:00:00Z"), 2, "cannot go back"),
        (("who-has", "ap-queue-operatr"), 2, "did you mean `ap-queue-operator`"),
        (("access", "nobody.here"), 2, "no identity `nobody.here`"),
        (("request", "show", "req_none"), 2, "no request `req_none`"),
        (("request", "show"), 2, "by its id, or say `--last`"),
        (("request", "show", "req_none", "--last"), 2, "by its id, or say `--last`"),
        (("request", "list", "--status", "done"), 2, "`done` is no status"),
        (("request", "answer", "req_none"), 2, "REQUEST TEXT"),
        (("approve", "--last", *SAM), 2, "no request waiting for you"),
        (("grant", "show", "gr_none"), 2, "no grant `gr_none`"),
        (("why", "ev_none"), 2, "no request, grant or decision `ev_none`"),
        (("audit", "show", "req_none"), 2, "no entry about `req_none`"),
        (("return", "--last", "--ask", " ", *SAM), 2, "the question is empty"),
        (("sweep",), 2, "say `--once`, or `--every 30s`"),
        (("sweep", "--once", "--every", "30s"), 2, "say `--once`, or `--every 30s`"),
        (("sweep", "--every", "now"), 2, "not a length of time"),
        (("catalog", "show", "nothing-like-it"), 2, "no role and no permission"),
        (("world", "import", "no-such-folder"), 2, "`no-such-folder`"),
        (("audit", "verify", "--key", "x"), 2, "`--key` is no key"),
        (("audit", "verify", "--checkpoint", "no-such-file"), 2, "`no-such-file` cannot be read"),
        (("init", "--demo"), 1, "there is a store"),
        (("init",), 2, "say which company"),
        (("init", "--demo", "--world", "."), 2, "say which company"),
        (("no-such-command",), 2, "no such command"),
        (("ask",), 2, "missing argument"),
    ],
)
def test_the_error_says_what_to_do_when_input_is_wrong(
    line: tuple[str, ...], code: int, says: str, terminal: Terminal
) -> None:
    refused = terminal.type(*line)

    assert refused.code == code
    assert says in " ".join(refused.err.split())
    assert refused.out == ""
    assert terminal.data("request", "list")["requests"] == []


def test_an_error_is_json_on_standard_error_when_json_is_asked_for(terminal: Terminal) -> None:
    unknown = terminal.type("who-has", "nothing-like-it", "--json")
    usage = terminal.type("ask", "--json")

    assert json.loads(unknown.err)["error"]["code"] == "unknown-name"
    assert json.loads(usage.err)["error"]["code"] == "usage"
    assert unknown.out == usage.out == ""


@pytest.mark.parametrize(
    ("words", "next_"),
    [
        (("grant", "show", "gr_none"), "govagents grant list --all"),
        (("request", "show", "req_none"), "govagents request list"),
        (("ask", "", "--as", "linh.tran"), "govagents ask --help"),
        (("ask", "--no-such-option"), "govagents ask --help"),
        (("grant", "no-such-command"), "govagents grant --help"),
        (("no-such-command",), "govagents --help"),
    ],
)
def test_the_next_command_stands_below_and_runs_when_something_is_wrong(
    words: tuple[str, ...], next_: str, terminal: Terminal
) -> None:
    """Every output ends with one, in words and as data."""
    refused = terminal.type(*words)
    data = json.loads(terminal.type(*words, "--json").err)

    assert refused.code != 0
    assert refused.err.rstrip().splitlines()[-1] == f"next  {next_}"
    assert data["next"] == next_
    assert terminal.type(*shlex.split(next_)[1:]).code == 0


def test_the_next_command_has_the_store_that_was_typed_when_it_is_at_fault(
    terminal: Terminal, tmp_path: Path
) -> None:
    """Of several commands that could come next it is the one that looks at that store."""
    (tmp_path / "settings.toml").write_text("nonsense = [", encoding="utf-8")

    refused = terminal.type("inbox", "--home", str(tmp_path))

    assert refused.err.rstrip().splitlines()[-1] == f"next  govagents doctor --home {tmp_path}"


def test_the_way_to_a_store_is_shown_when_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = Terminal(tmp_path / "none", capsys).type("request", "list")

    assert refused.code == 1
    assert "govagents init --demo" in refused.err


def test_nothing_is_made_when_a_world_is_wrong(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = tmp_path / "world"
    shutil.copytree(company.world, world)
    with (world / "roles.jsonl").open("a", encoding="utf-8") as roles:
        roles.write('{"id": "half"}\n')
    terminal = Terminal(tmp_path / "new", capsys)

    refused = terminal.type("init", "--world", str(world))

    assert refused.code == 2
    assert "roles.jsonl:" in refused.err
    assert not terminal.home.exists()


def test_a_world_is_only_looked_at_when_it_is_not_to_be_applied(
    company: Company, terminal: Terminal, tmp_path: Path
) -> None:
    world = tmp_path / "world"
    shutil.copytree(company.world, world)
    tickets = (world / "tickets.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (world / "tickets.jsonl").write_text("".join(tickets[1:]), encoding="utf-8")

    shown = terminal.data("world", "import", str(world))
    again = terminal.data("world", "import", str(world), "--apply")
    after = terminal.data("world", "import", str(world))

    assert shown["difference"] == again["difference"] != []
    assert (shown["applied"], again["applied"]) == (False, True)
    assert after["difference"] == []


def test_the_log_is_named_broken_when_a_byte_of_it_was_changed(terminal: Terminal) -> None:
    """Flip one bit and the verifier names the entry (S78)."""
    whole = terminal.type("audit", "verify")
    with closing(sqlite3.connect(terminal.home / "govagents.db")) as database, database:
        database.execute("DROP TRIGGER entry_no_update")
        ((leaf,),) = database.execute("SELECT leaf FROM entry WHERE idx = 1").fetchall()
        flipped = bytes([leaf[0] ^ 1]) + leaf[1:]
        database.execute("UPDATE entry SET leaf = ? WHERE idx = 1", (flipped,))

    broken = terminal.type("audit", "verify", "--json")

    assert whole.code == 0
    assert broken.code == 1
    assert json.loads(broken.out)["first_bad"] == 1


def test_what_could_not_be_excluded_is_said_when_the_log_is_whole(terminal: Terminal) -> None:
    alone = terminal.data("audit", "verify")
    key = terminal.data("doctor")["key"]

    with_key = terminal.data("audit", "verify", "--key", key)

    assert any("--key" in said for said in alone["not_excluded"])
    assert not any("--key" in said for said in with_key["not_excluded"])
    assert with_key["ok"]


def test_solver_and_checker_need_no_store_when_they_are_given_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog, problems, proofs = (tmp_path / name for name in ("c.json", "p.jsonl", "proofs.jsonl"))
    catalog.write_text(json.dumps(CATALOG), encoding="utf-8")
    problems.write_text(json.dumps(PROBLEM) + "\n", encoding="utf-8")
    terminal = Terminal(tmp_path / "none", capsys)
    files = (str(problems), "--catalog", str(catalog), "--certificates", str(proofs))

    solved = terminal.type("catalog", "solve", *files)
    checked = terminal.type("catalog", "check", *files)
    forged = proofs.read_text(encoding="utf-8").replace('"excess_weight": 1', '"excess_weight": 0')
    proofs.write_text(forged, encoding="utf-8")
    refused = terminal.type("catalog", "check", *files)

    line = json.loads(solved.out)
    assert {key: line[key] for key in ("id", "status", "roles", "excess_weight")} == {
        "id": "p1",
        "status": "optimal",
        "roles": ["small"],
        "excess_weight": 1,
    }
    assert line["lower_bound"] == 1
    assert (solved.code, checked.code, refused.code) == (0, 0, 1)
    assert json.loads(checked.out)["accepted"] is True
    assert json.loads(refused.out)["accepted"] is False


def test_what_was_solved_is_kept_when_a_later_line_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S5: proofs are written as they are found, and the line at fault is named."""
    catalog, problems, proofs = (tmp_path / name for name in ("c.json", "p.jsonl", "proofs.jsonl"))
    catalog.write_text(json.dumps(CATALOG), encoding="utf-8")
    four = [PROBLEM | {"id": f"p{number}"} for number in range(1, 5)]
    fifth = PROBLEM | {"id": "p5", "needs": ["no-such-permission"]}
    problems.write_text("".join(json.dumps(each) + "\n" for each in (*four, fifth)))
    terminal = Terminal(tmp_path / "none", capsys)
    files = (str(problems), "--catalog", str(catalog), "--certificates", str(proofs))

    solved = terminal.type("catalog", "solve", *files)
    kept = [json.loads(line)["id"] for line in proofs.read_text().splitlines()]
    problems.write_text("".join(json.dumps(each) + "\n" for each in four))
    checked = terminal.type("catalog", "check", *files)

    assert solved.code == 2
    assert "p.jsonl:5" in solved.err
    assert "no-such-permission" in solved.err
    assert kept == ["p1", "p2", "p3", "p4"]
    assert checked.code == 0


@pytest.mark.parametrize(
    ("where", "said"), [("p.jsonl", "is read here"), ("none/x", "cannot be written: No such file")]
)
def test_nothing_is_solved_when_proofs_cannot_be_written(
    where: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog, problems = tmp_path / "c.json", tmp_path / "p.jsonl"
    catalog.write_text(json.dumps(CATALOG), encoding="utf-8")
    problems.write_text(json.dumps(PROBLEM) + "\n", encoding="utf-8")
    files = (str(problems), "--catalog", str(catalog), "--certificates", str(tmp_path / where))

    refused = Terminal(tmp_path / "none", capsys).type("catalog", "solve", *files)

    assert (refused.code, refused.out) == (2, "")
    assert said in refused.err
    assert json.loads(problems.read_text(encoding="utf-8")) == PROBLEM


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("ask", "--help"), ("grant",)])
def test_help_needs_no_store_when_the_program_is_run(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, check=False
    )

    assert done.stdout
    assert done.stderr == ""


def test_a_closed_pipe_ends_the_program_quietly_when_nobody_reads_on(company: Company) -> None:
    command = [sys.executable, "-c", PROGRAM, "request", "list", "--home", str(company.home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read()

    assert said == b""


CATALOG = {
    "catalogue": "tiny",
    "version": "1",
    "licence": "none",
    "permissions": [
        {"id": "a:read", "access_level": "read", "description": "", "tags": []},
        {"id": "a:list", "access_level": "list", "description": "", "tags": []},
        {"id": "a:write", "access_level": "write", "description": "", "tags": []},
    ],
    "roles": [
        {"id": "small", "name": "small", "description": "", "permissions": [0, 1]},
        {"id": "large", "name": "large", "description": "", "permissions": [0, 1, 2]},
    ],
}
PROBLEM = {
    "id": "p1",
    "needs": ["a:read"],
    "held_roles": [],
    "forbidden_permissions": [],
    "exclusive_roles": [],
    "exclusive_permissions": [],
    "max_roles": None,
}


def test_the_key_stands_on_one_line_when_the_window_is_narrow(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sit_at(monkeypatch, columns=40)
    key = terminal.data("doctor")["key"]

    assert key in terminal.type("doctor").out.splitlines()
