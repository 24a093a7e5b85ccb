"""The attacker gains by a `forbid` that nobody reads.

Holds: nothing; an operator saved, moved, renamed or misspelt a policy. Wants: that the others are
decided without it. Does: asks.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from govagents import wiring
from govagents.adapters import policy_folder
from govagents.domain.decision import Decision, Verdict
from govagents.policy import source
from govagents.policy.engine import decision_point
from govagents.policy.lint import lint
from govagents.policy.ordinary import ORDINARY, proposal_of, sheet_of
from govagents.policy.source import PolicyFile

GIVE = '@id("give") permit (principal, action == Action::"grant", resource);'
STOP = '@id("stop") forbid (principal, action, resource) when { "ä" != "a" };'
ASK = '@id("ask") @approver("owner") {} permit (principal, action == Action::"request", resource);'
Spoil = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "give.cedar").write_text(GIVE, encoding="utf-8")
    return tmp_path


def decided(folder: Path) -> Decision:
    point = decision_point(wiring.read_policies(folder))
    sheet = sheet_of(ORDINARY, point.panels)
    return point.decide(sheet, proposal_of(sheet))


def _latin(folder: Path) -> None:
    (folder / "stop.cedar").write_bytes(b"//\n" + STOP.encode("iso-8859-1"))


def _named(name: str, folder: Path) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(STOP, encoding="utf-8")


def _behind_a_link(folder: Path) -> None:
    _named("stop.cedar", folder / ".elsewhere")
    (folder / "linked").symlink_to(folder / ".elsewhere", target_is_directory=True)


def _dangling(folder: Path) -> None:
    (folder / "stop.cedar").symlink_to(folder / "gone")


def _a_folder(folder: Path) -> None:
    _named("stop.cedar/stop.txt", folder)


def _a_pipe(folder: Path) -> None:
    os.mkfifo(folder / "stop.cedar")


def _a_link_to_a_pipe(folder: Path) -> None:
    os.mkfifo(folder / ".pipe")
    (folder / "stop.cedar").symlink_to(folder / ".pipe")


LOST: dict[str, tuple[Spoil, str]] = {
    "iso-8859-1": (_latin, "stop.cedar:2: is not UTF-8: byte 61 is 0xe4; save it as UTF-8"),
    "capitals": (partial(_named, "stop.CEDAR"), "stop.CEDAR: is not read as a policy"),
    "space": (partial(_named, "stop.cedar "), "stop.cedar : is not read as a policy"),
    "folder": (partial(_named, "a/b/stop.cedar"), "a/b/stop.cedar: is not read as a policy"),
    "examples": (partial(_named, "examples/stop.cedar"), "examples/stop.cedar: is not read"),
    "link-to-folder": (_behind_a_link, "linked/stop.cedar: is not read as a policy"),
    "dangling": (_dangling, "stop.cedar: cannot be read: No such file"),
    "is-a-folder": (_a_folder, "stop.cedar: is no regular file"),
    "pipe": (_a_pipe, "stop.cedar: is no regular file"),
    "link-to-pipe": (_a_link_to_a_pipe, "stop.cedar: is no regular file"),
}


@pytest.mark.parametrize(("spoil", "reason"), LOST.values(), ids=LOST.keys())
def test_a_rule_that_is_not_read_is_contained(spoil: Spoil, reason: str, folder: Path) -> None:
    """S40: everything is denied with that reason, and lint says it too."""
    assert decided(folder).verdict is Verdict.PERMIT

    spoil(folder)

    found = decided(folder)
    assert found.verdict is Verdict.DENY
    assert reason in found.reasons[0].text
    assert any(reason in str(each) for each in lint(wiring.read_policies(folder)))


def test_another_encoding_is_contained_by_reading_strictly(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read as before, a rule about a name becomes one about another: it never applies.

    removes: govagents/adapters/policy_folder.py
    """
    rule = '@id("stop") forbid (principal == Person::"jörg", action, resource);'
    (folder / "stop.cedar").write_bytes(rule.encode("iso-8859-1"))
    assert decided(folder).verdict is Verdict.DENY

    def forgiving(entry: policy_folder._Entry) -> PolicyFile:
        return PolicyFile(entry.label, entry.path.read_text(encoding="utf-8", errors="replace"))

    monkeypatch.setattr(policy_folder, "_read", forgiving)

    assert decided(folder).verdict is Verdict.PERMIT


def test_a_lost_file_is_contained_by_naming_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unnamed, it is missed: what it forbids is given."""
    _named("more/stop.cedar", folder)
    monkeypatch.setattr(policy_folder, "_other", lambda entry: None)

    assert decided(folder).verdict is Verdict.PERMIT


@pytest.mark.parametrize("noted", ['@quorums("2")', "@quorum", '@aprover("system-owner")'])
def test_a_misspelt_protection_is_refused(
    noted: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let pass, one person decides where two were to."""
    (folder / "give.cedar").write_text(ASK.format(noted), encoding="utf-8")
    assert decided(folder).verdict is Verdict.DENY

    monkeypatch.setattr(source, "_unusable", lambda policy: ())

    (consent,) = decided(folder).consents
    assert (consent.quorum, len(consent.seats)) == (1, 1)


OTHER = {
    'context.ticket_kind like "inc*"': "uses `like`",
    "context has veto": "uses `has`",
    "if context.veto then false else true": "uses `if-then-else`",
    "context.minutes + 1 > 1": "uses `+`",
    'Role::"gone".prohibited': "reads an attribute of something that is not one of the facts",
}


@pytest.mark.parametrize(("condition", "said"), OTHER.items())
def test_a_rule_in_other_operators_is_contained(condition: str, said: str, folder: Path) -> None:
    """S40: what lint refuses decides nothing either; file, policy and operator are named."""
    rule = (
        f'@id("more") @guards("odd") forbid (principal, action, resource) when {{ {condition} }};'
    )
    (folder / "more.cedar").write_text(rule, encoding="utf-8")

    found = decided(folder)

    assert found.verdict is Verdict.DENY
    assert found.reasons[0].text.startswith(f"more.cedar:1: `more`: in `odd`: {said}")
    assert found.reasons[0].text in {str(each) for each in lint(wiring.read_policies(folder))}


def test_a_rule_in_other_operators_is_contained_by_the_shipped_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unread, it is followed: a permit of which no check can tell when it gives."""
    rule = GIVE.replace(";", " when { if context.proved then true else true };")
    (folder / "give.cedar").write_text(rule, encoding="utf-8")
    assert decided(folder).verdict is Verdict.DENY

    monkeypatch.setattr(source, "forbidden", lambda _expression: ())

    assert decided(folder).verdict is Verdict.PERMIT


def test_a_rule_for_a_group_is_refused(folder: Path) -> None:
    """The scope is held to the same: there is no group to be in, so it would never apply."""
    rule = '@id("more") forbid (principal in Person::"all", action, resource);'
    (folder / "more.cedar").write_text(rule, encoding="utf-8")

    found = decided(folder)

    assert found.verdict is Verdict.DENY
    assert "`more`: the scope of `principal` is a group" in found.reasons[0].text


PROGRAM = """
import sys
from govagents.policy import bounds
from govagents.policy.source import PolicyFile, read
if sys.argv[1] == "without":
    bounds.beyond = lambda text: None
text = f"permit (principal, action, resource) when {{ {'(' * 3000}true{')' * 3000} }};"
print(len(read([PolicyFile("a.cedar", text)]).problems))
"""


def test_a_deeply_nested_rule_is_contained() -> None:
    """S40: without the bound Cedar takes the whole process with it.

    removes: govagents/policy/bounds.py
    """
    done = {
        how: subprocess.run(
            [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=False
        )
        for how in ("with", "without")
    }

    assert (done["with"].returncode, done["with"].stdout) == (0, "1\n")
    assert done["without"].returncode < 0
