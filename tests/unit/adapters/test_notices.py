"""Ways to tell people: a command, and mail through a server on loopback."""

import json
import os
import select
import shlex
import signal
import smtplib
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path

import pytest

from govagents.adapters.notices import courier_of, mail
from govagents.adapters.notices.command import Command
from govagents.adapters.notices.mail import Mail
from govagents.domain.ids import IdentityId
from govagents.domain.notice import Notice
from govagents.errors import TargetRefusedError, TargetUnavailableError
from govagents.settings import FILE, NoticeSettings, read_settings
from tests.unit.adapters.postbox import Postbox, postbox

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
NOTICE = Notice(7, IdentityId("ana"), "req_1", "`a` was given to `b`", AT)
WORDS = "`a`\r\nBcc: everybody@example.org\r\n\r\n.\r\nRCPT TO:<eve@example.org> \x1b[2J \u202e"
SETTINGS = NoticeSettings(
    security="none", sender="govagents@example.org", domain="example.org",
    limit=timedelta(seconds=5),
)  # fmt: skip


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox(Postbox()) as box:
        yield box


def mailing(box: Postbox, settings: NoticeSettings = SETTINGS) -> Mail:
    return Mail(replace(settings, smtp=box.address))


def test_a_letter_reaches_its_person_when_a_server_takes_it(box: Postbox) -> None:
    mailing(box).deliver(NOTICE)

    (letter,) = [message_from_string(each, policy=policy.default) for each in box.letters]
    assert box.to == ["<ana@example.org>"]
    assert (letter["To"], letter["Subject"]) == ("ana@example.org", "govagents: req_1")
    assert letter["Message-ID"] == "<govagents.20261123090000.7@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "`a` was given to `b`" in letter.get_content()


def test_words_of_others_are_one_line_of_a_letter_and_nothing_else(box: Postbox) -> None:
    """S60: no header, no second recipient, no escape code."""
    mailing(box).deliver(replace(NOTICE, about=WORDS, text=WORDS))

    (letter,) = [message_from_string(each, policy=policy.default) for each in box.letters]
    assert box.to == ["<ana@example.org>"]
    assert letter["Bcc"] is None
    assert "\\u001b[2J \\u202e" in letter.get_content()
    assert letter.get_content().count("\n") == 3
    assert "Bcc: everybody" in letter["Subject"]


def test_words_of_others_would_be_lines_of_their_own_without_the_shipped_line(
    box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: what a stranger wrote reads as the program's own lines.

    removes: govagents/adapters/notices/mail.py
    """
    monkeypatch.setattr(mail, "line_of", lambda text: text)

    mailing(box).deliver(replace(NOTICE, text=WORDS))

    (letter,) = [message_from_string(each, policy=policy.default) for each in box.letters]
    assert "Bcc: everybody@example.org" in letter.get_content().splitlines()


@pytest.mark.parametrize(
    "person", ["ana@example.org, eve", "ana\r\nBcc: eve", "<eve>", "a b", "", "\N{BULLET}"]
)
def test_nothing_is_sent_when_an_id_is_no_part_of_an_address(person: str, box: Postbox) -> None:
    with pytest.raises(TargetRefusedError, match="there is no address for"):
        mailing(box).deliver(replace(NOTICE, person=IdentityId(person)))

    assert box.commands == []


def test_an_address_of_ones_own_wins(box: Postbox) -> None:
    settings = replace(SETTINGS, domain="", addresses={"ana": "ana.b@example.net"})

    mailing(box, settings).deliver(NOTICE)

    assert box.to == ["<ana.b@example.net>"]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "550 no such\x1b[2J box"),
        ("RCPT", "551 not local"),
        ("RCPT", "553 no such name"),
        (".", "552 too large"),
        (".", "554 no, thank you"),
    ],
)
def test_a_letter_is_not_sent_again_when_the_server_refuses_it_for_good(
    command: str, answer: str, box: Postbox
) -> None:
    box.answers[command] = answer

    with pytest.raises(TargetRefusedError, match=f"the mail server answers {answer[:3]}"):
        mailing(box).deliver(NOTICE)

    assert box.letters == []


NOT_OF_THE_LETTER = [
    ("HI", "554 not today"),
    ("EHLO", "550 who are you"),
    ("AUTH", "535 wrong password"),
    ("AUTH", "530 encrypt first"),
    ("MAIL", "530 log in first"),
    ("MAIL", "550 no such sender"),
    ("MAIL", "554 no"),
    ("RCPT", "450 later"),
    ("RCPT", "530 log in first"),
    ("RCPT", "503 what"),
    ("RCPT", "421 closing"),
    ("DATA", "451 later"),
    ("DATA", "530 log in first"),
    (".", "452 full"),
]


def let_in(box: Postbox, folder: Path) -> Mail:
    """One that says its password, to a server without encryption: no settings make such a one."""
    secret = folder / "secret"
    secret.write_text("hunter2\n")
    return mailing(box, replace(SETTINGS, user="ana", password=secret))


@pytest.mark.parametrize(("command", "answer"), NOT_OF_THE_LETTER)
def test_a_letter_is_tried_again_when_the_server_speaks_of_something_else(
    command: str, answer: str, box: Postbox, tmp_path: Path
) -> None:
    """A wrong password, or a server in trouble, is mended; nobody must go untold by it."""
    box.answers |= {command: answer, "HELO": answer if command == "EHLO" else "250 ok"}

    with pytest.raises(TargetUnavailableError, match=f"the mail server answers {answer[:3]}"):
        let_in(box, tmp_path).deliver(NOTICE)

    assert box.letters == []


@pytest.mark.parametrize("answer", ["421 gone", "554 odd", "nonsense"])
def test_a_letter_that_was_taken_is_told_whatever_comes_in_parting(
    answer: str, box: Postbox
) -> None:
    box.answers["QUIT"] = answer

    mailing(box).deliver(NOTICE)

    assert len(box.letters) == 1


def test_the_reason_is_of_the_letter_when_parting_fails_too(box: Postbox) -> None:
    box.answers |= {"RCPT": "550 no such box", "QUIT": "421 gone"}

    with pytest.raises(TargetRefusedError, match="550: no such box"):
        mailing(box).deliver(NOTICE)


def test_it_is_left_alone_when_a_server_says_nothing() -> None:
    short = replace(SETTINGS, limit=timedelta(milliseconds=50))
    with postbox(Postbox(silent=True)) as box, pytest.raises(TargetUnavailableError):
        mailing(box, short).deliver(NOTICE)


def test_nothing_is_said_in_clear_unless_the_settings_say_so(box: Postbox, tmp_path: Path) -> None:
    """SECURITY: this server offers no encryption, so that nothing is sent; nor is the password."""
    secret = tmp_path / "secret"
    secret.write_text("hunter2\n")
    settings = replace(SETTINGS, security="starttls", user="ana", password=secret)

    with pytest.raises(TargetUnavailableError, match="cannot be used"):
        mailing(box, settings).deliver(NOTICE)

    assert box.letters == box.to == []
    assert not [each for each in box.commands if each.upper().startswith(("AUTH", "MAIL"))]


def test_it_would_be_said_in_clear_without_the_shipped_line(
    box: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(smtplib.SMTP, "starttls", lambda self, context: None)

    mailing(box, replace(SETTINGS, security="starttls")).deliver(NOTICE)

    assert len(box.letters) == 1


def test_nobody_is_there_when_no_server_is(box: Postbox) -> None:
    gone = replace(SETTINGS, smtp="127.0.0.1:1")

    with pytest.raises(TargetUnavailableError, match=r"`127\.0\.0\.1:1` cannot be used"):
        Mail(gone).deliver(NOTICE)


def script(folder: Path, body: str) -> NoticeSettings:
    """A command that is a script of Python."""
    file = folder / "tell.py"
    file.write_text(body)
    return replace(SETTINGS, command=(sys.executable, "-I", "-S", str(file), "$(touch never) ;"))


KEEPS = """
import json, os, sys
with open("told.json", "w") as file:
    json.dump([sys.stdin.read(), sys.argv[1:], sorted(os.environ)], file)
"""


def test_a_command_gets_the_notice_as_a_line_of_json(tmp_path: Path) -> None:
    """S60: no shell, no word of a notice as an argument, no variable of this process."""
    Command(script(tmp_path, KEEPS), tmp_path).deliver(replace(NOTICE, text=WORDS))

    line, arguments, variables = json.loads((tmp_path / "told.json").read_text())
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "id": "20261123090000.7",
        "person": "ana",
        "address": "ana@example.org",
        "about": "req_1",
        "text": json.loads(line)["text"],
        "at": "2026-11-23T09:00:00Z",
    }
    assert "\\u001b[2J \\u202e" in json.loads(line)["text"]
    assert arguments == ["$(touch never) ;"]
    assert not {"HOME", "USER", "GOVAGENTS_HOME", "PYTEST_CURRENT_TEST"} & set(variables)
    assert not (tmp_path / "never").exists()


def test_it_has_told_nobody_when_a_command_fails(tmp_path: Path) -> None:
    command = Command(script(tmp_path, "raise SystemExit(3)"), tmp_path)

    with pytest.raises(TargetUnavailableError, match="ended with 3"):
        command.deliver(NOTICE)


def test_it_has_told_nobody_when_a_command_is_missing(tmp_path: Path) -> None:
    command = Command(replace(SETTINGS, command=("/no/such\x00program",)), tmp_path)

    with pytest.raises(TargetUnavailableError, match="cannot be started"):
        command.deliver(NOTICE)


HANGS = ("/bin/sh", "-c", "sleep 60 & echo $! > child; wait")


def test_a_command_that_hangs_is_killed_with_all_it_started(tmp_path: Path) -> None:
    settings = replace(SETTINGS, command=HANGS, limit=timedelta(seconds=1))

    with pytest.raises(TargetUnavailableError, match="took longer than 1 s"):
        Command(settings, tmp_path).deliver(NOTICE)

    assert not _runs(int((tmp_path / "child").read_text()))


def _runs(pid: int, seconds: float = 5) -> bool:
    """Whether it still does, after so long at the most."""
    with suppress(ProcessLookupError):
        ended, _, _ = select.select([os.pidfd_open(pid)], [], [], seconds)
        return not ended
    return False


def test_it_would_run_on_without_the_shipped_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    real = os.killpg
    monkeypatch.setattr(os, "killpg", os.kill)
    settings = replace(SETTINGS, command=HANGS, limit=timedelta(seconds=1))

    with pytest.raises(TargetUnavailableError):
        Command(settings, tmp_path).deliver(NOTICE)

    child = int((tmp_path / "child").read_text())
    assert _runs(child, 0)
    real(os.getpgid(child), signal.SIGKILL)


def told(folder: Path, table: str) -> tuple[NoticeSettings, tuple[str, ...]]:
    (folder / FILE).write_text(f"[notices]\n{table}\n")
    found = read_settings(folder)
    return found.notices, found.problems


def test_all_of_the_table_is_read(tmp_path: Path) -> None:
    found, problems = told(tmp_path, """
smtp = "mail.example.org:465"
security = "tls"
sender = "govagents@example.org"
domain = "example.org"
user = "govagents"
password_file = "secret"
seconds = 3
remind_hours = 0.5
[notices.addresses]
ana = "a@example.net"
""")  # fmt: skip

    assert problems == ()
    assert found == NoticeSettings(
        smtp="mail.example.org:465", security="tls", sender="govagents@example.org",
        domain="example.org", user="govagents", password=tmp_path / "secret",
        addresses={"ana": "a@example.net"}, limit=timedelta(seconds=3),
        remind=timedelta(minutes=30),
    )  # fmt: skip
    assert isinstance(courier_of(found, tmp_path), Mail)


def test_a_command_is_read(tmp_path: Path) -> None:
    found, problems = told(tmp_path, f"command = [{shlex.quote(sys.executable)!r}, '-c']")

    assert problems == ()
    assert isinstance(courier_of(found, tmp_path), Command)
    assert courier_of(NoticeSettings(), tmp_path) is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('security = "plain"', "security must be starttls, tls or none"),
        ('security = "none"\nuser = "ana"', "a password is sent over starttls or tls only"),
        ('security = "none"\npassword_file = "x"', "a password is sent over starttls or tls only"),
        ('sender = "a@b, c@d"', "sender must be an address"),
        ('sender = "a@b\\r\\nBcc: c@d"', "sender must be an address"),
        ('domain = "x>, <y"', "domain must be what follows the @"),
        ('command = "mail -s x"', "command must be a program by its whole path"),
        ('command = ["mail"]', "command must be a program by its whole path"),
        ('command = ["/bin/x", 1]', "command must be a program by its whole path"),
        ("command = []", "command must be a program by its whole path"),
        ("seconds = 0", "seconds must be a number above 0"),
        ("remind_hours = 24", "remind_hours must be a number above 0, below 24"),
        ('addresses = { ana = "a" }', "addresses must be a table of ids and addresses"),
        ('server = "x"', "unknown key `server`"),
    ],
)
def test_nobody_is_told_in_a_way_that_cannot_be_understood(
    line: str, problem: str, tmp_path: Path
) -> None:
    """SECURITY: a slip of the pen must not send in clear what should be encrypted."""
    sender = "" if "sender" in line else '\nsender = "g@example.org"'

    found, problems = told(tmp_path, f'smtp = "mail.example.org:25"{sender}\n{line}')

    assert any(problem in each for each in problems), problems
    assert courier_of(found, tmp_path) is None


def test_one_needs_a_sender_and_a_port(tmp_path: Path) -> None:
    assert "smtp needs a sender" in told(tmp_path, 'smtp = "mail.example.org:25"')[1][0]
    assert "a host and a port" in told(tmp_path, 'smtp = "mail.example.org"')[1][0]
    (tmp_path / FILE).write_text("notices = 1")
    assert "[notices] must be a table" in read_settings(tmp_path).problems[0]
