"""Words that want to be more than words on an approver's screen.

The attacker may ask for access, as anybody may, and so chooses the words of a request. They hold no
power. They want the approver, who reads the request at a terminal, to see something else than what
was asked: a line in our colours that says it was approved already, a link that leads elsewhere
under an innocent name, text that runs backwards, a cleared screen, a title bar, a key press.

What they write is shown as they typed it, behind a bar, in `inbox`, `request show` and `why`, on a
narrow window too, and under `--json` as well. So are names that come from the company's files and
from the command line.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.text import Text

from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.text import Untrusted
from govagents.entrypoints.cli import output, run
from govagents.findings import encode
from govagents.wiring import create_store
from tests.journey.terminal import sit_at
from tests.unit.cli.views import NOW, decision, proposal

ESCAPE, CSI = "\x1b", "\x9b"
MARKUP = "[bold green]approved[/bold green] [link=https://example.org]read[/link] :warning:"
LINK = f"{ESCAPE}]8;;https://example.org{ESCAPE}\\invoice{ESCAPE}]8;;{ESCAPE}\\"
COLOUR = f"{ESCAPE}[2J{ESCAPE}[31mred{CSI}0m"
BACKWARDS = "\u202egnihton\u202c"
TITLE = f"{ESCAPE}]0;owned\x07"
FORGED = "request       req_000000  active"
WORDS = f"orders please {MARKUP} {LINK} {COLOUR} {BACKWARDS} {TITLE}\r\x08\n\n{FORGED}\n"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COMMANDS = (["inbox", "--as", "ona.owner"], ["request", "show", "--last"], ["why", "--last"])

SYSTEMS = "- {id: shop, name: '[red]Shop[/red]', owner: ona.owner}\n"
PERMISSION = {
    "id": "shop:orders:read",
    "system": "shop",
    "access_level": "read",
    "sensitivity": "internal",
    "description": "See the [blink]orders[/blink].",
}
ROLE = {
    "id": "shop-clerk",
    "name": "[link=https://example.org]Clerk[/link]",
    "system": "shop",
    "permissions": ["shop:orders:read"],
    "owner": "ona.owner",
    "privileged": False,
    "max_hours": 8,
    "requestable_by": ["human"],
}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A demo store of a small company, in which the request already waits."""
    world = tmp_path / "world"
    world.mkdir()
    (world / "systems.yaml").write_text(SYSTEMS, encoding="utf-8")
    _lines(world / "permissions.jsonl", PERMISSION)
    _lines(world / "roles.jsonl", ROLE)
    _lines(
        world / "identities.jsonl", _person("bo.baker", "Bo"), _person("ona.owner", "[b]Ona[/b]")
    )
    app = create_store(tmp_path / "store", world=world, demo=True)
    with app.records.begin() as tx:
        request = tx.requests.add(IdentityId("bo.baker"), None, NOW, WORDS)
        tx.findings.add(request.id, "proposal", encode(proposal()))
        tx.findings.add(request.id, "decision", encode(decision()))
        tx.requests.set_status(request.id, Status.PENDING, at=NOW, note=MARKUP)
    return app.home


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("columns", [24, 80, 120])
def test_terminal_control_in_a_request_is_contained(
    command: list[str],
    columns: int,
    store: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sit_at(monkeypatch, columns=columns)

    code = run(command, home=store)

    printed = capsys.readouterr().out
    assert code == 0
    assert OBEYED.findall(printed) == []
    typed = _joined(printed)
    for words in (MARKUP, LINK, COLOUR, BACKWARDS, TITLE):
        assert "".join(Untrusted(words).shown().split()) in typed


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_link_in_a_request_is_contained_where_colours_are_on(
    command: list[str],
    store: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)

    run(command, home=store)

    printed = capsys.readouterr().out
    ours = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    assert ours != printed
    assert OBEYED.findall(ours) == []


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_forged_line_in_a_request_is_contained(
    command: list[str], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(command, home=store)

    lines = [line for line in capsys.readouterr().out.split("\n") if "req_000000" in line]
    assert lines == [f"│ {FORGED}"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_terminal_control_in_a_request_is_contained_under_json(
    command: list[str], store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run([*command, "--json"], home=store)

    printed = capsys.readouterr().out
    assert printed.isascii()
    assert OBEYED.findall(printed) == []
    assert "https://example.org" in json.dumps(json.loads(printed))


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["catalog", "show", "shop-clerk"], "[link=https://example.org]Clerk[/link]"),
        (["catalog", "search", "orders"], "Seethe[blink]orders[/blink]."),
        (["who-has", "shop-clerk"], "[link=https://example.org]Clerk[/link]"),
        (["access", "ona.owner"], "[b]Ona[/b]"),
    ],
)
def test_markup_in_a_file_of_the_company_is_contained(
    command: list[str], name: str, store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(command, home=store)

    assert name in _joined(capsys.readouterr().out)


def test_terminal_control_on_the_command_line_is_contained(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["who-has", COLOUR], home=store)

    printed = capsys.readouterr().err
    assert code == 2
    assert OBEYED.findall(printed) == []
    assert "\\u001b[31mred" in printed


def test_terminal_control_reaches_the_screen_where_the_defence_is_removed_is_detected(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/entrypoints/cli/output.py"""
    monkeypatch.setattr(Untrusted, "shown", Untrusted.raw)

    run(COMMANDS[0], home=store)

    assert f"{ESCAPE}]8;;https://example.org" in capsys.readouterr().out


def test_markup_is_obeyed_where_the_defence_is_removed_is_detected(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "safe", _marked_up)

    run(COMMANDS[0], home=store)

    printed = capsys.readouterr().out
    assert "approved" in printed
    assert "[bold green]" not in printed


def _marked_up(line: output.Line) -> Text:
    pieces = [line] if isinstance(line, str | Untrusted | output.Toned) else line
    words = [piece.text if isinstance(piece, output.Toned) else piece for piece in pieces]
    return Text.from_markup("".join(output.shown(each) for each in words))


def _joined(printed: str) -> str:
    """Without line breaks, bars and blanks, which depend on the width."""
    return "".join(line.removeprefix("│ ") for line in printed.split("\n")).replace(" ", "")


def _lines(path: Path, *records: Mapping[str, object]) -> None:
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")


def _person(name: str, called: str) -> dict[str, object]:
    return {
        "id": name,
        "kind": "person",
        "name": called,
        "department": "Bakery",
        "manager": None,
        "clearance": 2,
        "status": "active",
    }
