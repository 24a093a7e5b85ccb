"""Live access is decided on again: what policy no longer permits ends, with reason and entry (S45).

Also what rests on a ticket that was closed (S39). What cannot be decided ends nothing.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from govagents.action.expiry import Expiry
from govagents.action.redecide import Redecide, Redecided
from govagents.domain.grant import Grant
from govagents.domain.request import Status
from govagents.policy import engine
from govagents.policy import redecide as policy_redecide
from govagents.testing.company import Company
from govagents.wiring import import_world, open_ending
from tests.journey.breaking import HOLDER, OWNER, ROLE, SYSTEM, edit
from tests.journey.people import changed
from tests.journey.terminal import Terminal

TIGHTER = """
@id("no-queues")
@reason("nobody redrives queues while the bridge is repaired")
forbid (principal, action, resource == Role::"ap-queue-operator");
"""
ASKS_ANOTHER = """
@id("asks-another")
@reason("two owners decide")
forbid (principal, action == Action::"grant", resource == Role::"ap-queue-operator")
unless { context.approved.contains("nobody.yet") };
"""


@pytest.fixture
def swept(holding: Company) -> Company:
    """Decided on once since it was given."""
    holding.sweep()
    return holding


def grant_of(company: Company) -> Grant:
    (grant,) = company.grants()
    return grant


def tightened(company: Company, text: str = TIGHTER) -> None:
    (company.home / "policies" / "zz-later.cedar").write_text(text, encoding="utf-8")


def kinds(company: Company) -> list[str]:
    with company.app.records.begin() as tx:
        return [event.kind for _, event in tx.log.of(grant_of(company).request)]


def passes(company: Company) -> list[str]:
    with company.app.records.begin() as tx:
        return [event.reason for _, event in tx.log.of("grants")]


def test_a_grant_ends_when_a_policy_is_tightened(swept: Company) -> None:
    """S45: by the next sweep, with who said so in words, in the log and in the inbox."""
    tightened(swept)

    report = swept.app.sweeper.sweep()

    grant = grant_of(swept)
    assert (grant.status, grant.cause) == (Status.REVOKED, "not_permitted")
    assert report.withdrawn == [grant.id]
    assert not report.problems
    assert not swept.holds(HOLDER, ROLE, SYSTEM)
    note = swept.view(grant.request).note
    assert note == (
        "policy no longer permits it: nobody redrives queues while the bridge is repaired"
    )
    with swept.app.records.begin() as tx:
        (entry,) = [e for _, e in tx.log.of(grant.request) if e.kind == "guard.redecided"]
        told = [text for _, about, text in tx.notices(grant.beneficiary) if about == grant.request]
    assert (entry.decision, entry.reason) == ("revoking", f"{grant.id} no-queues")
    assert told == [f"`{grant.request}` was ended: {note}"]
    assert passes(swept) == ["kept=1 ended=0", "kept=0 ended=1"]


def test_a_tightened_policy_ends_nothing_without_the_shipped_line(
    swept: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(Redecide, "_judged", lambda *_: {})
    tightened(swept)

    swept.sweep()

    assert swept.holds(HOLDER, ROLE, SYSTEM)


def test_a_grant_ends_when_policy_wants_somebody_who_did_not_agree(swept: Company) -> None:
    """S45: an answer that nobody gave is no permit."""
    tightened(swept, ASKS_ANOTHER)

    swept.sweep()

    assert grant_of(swept).cause == "not_permitted"


def test_a_grant_ends_when_the_holder_moves_to_where_it_may_not_be_held(
    swept: Company, tmp_path: Path
) -> None:
    """S45: a fact of the company, imported."""
    tightened(
        swept,
        '@id("cleared") @reason("cleared people only")\n'
        "forbid (principal is Person, action, resource) when { principal.clearance < 1 };",
    )
    swept.sweep()
    assert grant_of(swept).status is Status.ACTIVE
    changed(swept, HOLDER, tmp_path / "world", clearance=0)

    swept.sweep()

    assert grant_of(swept).cause == "not_permitted"


def test_a_grant_ends_when_its_role_leaves_the_catalog(swept: Company, tmp_path: Path) -> None:
    """S45."""
    files = {}
    for name in ("roles.jsonl", "assignments.jsonl"):
        lines = (swept.world / name).read_text(encoding="utf-8").splitlines(keepends=True)
        files[name] = "".join(line for line in lines if f'"{ROLE}"' not in line)
    import_world(swept.app, swept.with_files(files, tmp_path / "world"), apply=True)

    swept.sweep()

    grant = grant_of(swept)
    assert (grant.status, grant.cause) == (Status.REVOKED, "not_permitted")
    assert f"no role `{ROLE}` any more" in swept.view(grant.request).note


def test_what_was_done_stays_done_when_it_is_decided_on_again(
    swept: Company, tmp_path: Path
) -> None:
    """S45: the approver has left since, and the catalog is another: the approval was given."""
    changed(swept, OWNER, tmp_path / "world", status="leaver")
    roles = swept.lines_of("roles.jsonl")
    roles[-1]["name"] = "Another name"
    text = "".join(json.dumps(line) + "\n" for line in roles)
    (tmp_path / "world" / "roles.jsonl").write_text(text, encoding="utf-8")
    import_world(swept.app, tmp_path / "world", apply=True)

    report = swept.app.sweeper.sweep()

    assert grant_of(swept).status is Status.ACTIVE
    assert not report.problems


def test_an_approval_is_lost_without_the_shipped_line(
    swept: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: whoever agreed leaves, and what they agreed to goes with them."""
    monkeypatch.setattr(policy_redecide, "_context", lambda now, _then: now)
    changed(swept, OWNER, tmp_path / "world", status="leaver")

    swept.sweep()

    assert grant_of(swept).cause == "not_permitted"


def test_a_denial_of_another_request_ends_nothing(swept: Company) -> None:
    """S45: else whoever may ask for another could end what that one has."""
    again = swept.ask(HOLDER, "Redrive the tracking dlq, 3h")
    swept.deny(again, OWNER)
    swept.pass_time(timedelta(minutes=20))

    swept.sweep()

    assert swept.grants(Status.ACTIVE)


def policies_emptied(home: Path) -> None:
    for file in (home / "policies").glob("*.cedar"):
        file.unlink()


def policy_unparsable(home: Path) -> None:
    (home / "policies" / "zz.cedar").write_text("permit (")


def weights_gone(home: Path) -> None:
    (home / "weights.toml").unlink()


@pytest.mark.parametrize(
    "break_",
    [policies_emptied, policy_unparsable, weights_gone],
)
def test_a_grant_goes_on_when_it_cannot_be_decided_on(
    break_: Callable[[Path], None], swept: Company
) -> None:
    """S45: nobody said no. It is said at every sweep, and the end is where it was."""
    swept.pass_time(timedelta(minutes=20))
    break_(swept.restarted().home)
    ending = open_ending(swept.home)

    reports = [" ".join(ending.sweeper.sweep().problems) for _ in range(2)]

    with ending.records.begin() as tx:
        assert len(tx.grants.names(frozenset({Status.ACTIVE}))) == 1
    ending.records.close()
    assert all("not decided on again" in problems for problems in reports)


def test_a_slip_of_the_pen_ends_all_access_without_the_shipped_line(
    swept: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: and nothing can give it back, for giving needs that same file."""
    real = engine._decision
    monkeypatch.setattr(engine, "_decision", lambda *args: replace(real(*args), decided=True))
    policy_unparsable(swept.home)

    swept.sweep()

    assert grant_of(swept).cause == "not_permitted"


def test_it_is_decided_on_again_when_its_time_has_come(swept: Company) -> None:
    """S45: every 15 minutes, or as the settings say; not before."""
    swept.sweep()
    before = len(passes(swept))
    swept.pass_time(timedelta(minutes=14))
    swept.sweep()
    early = len(passes(swept))
    swept.pass_time(timedelta(minutes=1))
    swept.sweep()
    due = len(passes(swept))
    edit(swept.restarted().home, "", "redecide_minutes = 5\n")
    swept.pass_time(timedelta(minutes=5))
    swept.sweep()

    assert (before, early, due, len(passes(swept))) == (1, 1, 2, 3)


def test_a_last_time_that_was_set_ahead_is_contained(swept: Company) -> None:
    """The attacker can write the database, and wants never to be decided on again."""
    with swept.app.records.begin() as tx:
        under = str(tx.settings.get("redecided")).partition(" ")[0]
        tx.settings.set("redecided", f"{under} 2099-01-01T00:00:00Z")

    swept.sweep()

    assert len(passes(swept)) == 2


def dies_before_the_end(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of a sweep that has decided, and has ended nothing yet."""

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Expiry, "end", die)
        with pytest.raises(KeyboardInterrupt):
            company.sweep()
    company.restarted()


def test_an_end_that_was_cut_short_comes_with_the_next_sweep(
    swept: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S45 S64."""
    tightened(swept)
    dies_before_the_end(swept, monkeypatch)
    assert swept.holds(HOLDER, ROLE, SYSTEM)

    swept.sweep()

    assert grant_of(swept).cause == "not_permitted"
    assert kinds(swept).count("guard.redecided") == 1


def test_an_end_that_was_cut_short_is_forgotten_without_the_shipped_line(
    swept: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: until the next time."""
    look = Redecide.look

    def noted_at_once(self: Redecide, now: datetime) -> Redecided:
        found = look(self, now)
        self.done(replace(found, causes={}), now)
        return found

    monkeypatch.setattr(Redecide, "look", noted_at_once)
    tightened(swept)
    dies_before_the_end(swept, monkeypatch)

    swept.sweep()

    assert swept.holds(HOLDER, ROLE, SYSTEM)


def row(company: Company, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What `doctor` says of it."""
    checks = Terminal(company.home, capsys).data("doctor")["checks"]
    return next(each for each in checks if each["check"] == "decided again")


def test_doctor_says_when_it_was_decided_on_and_by_what(
    swept: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S45: the same digest as the entry's; late where nothing swept for long."""
    with swept.app.records.begin() as tx:
        (_, entry), *_ = tx.log.of("grants")

    said = row(swept, capsys)
    swept.pass_time(timedelta(minutes=31))
    late = row(swept, capsys)

    assert said["health"] == "good"
    assert said["text"] == f"last 2026-11-23 09:00 UTC, by policies {entry.policy[:12]}"
    assert (late["health"], late["text"]) == ("note", f"{said['text']}: late")


def test_doctor_fails_while_something_live_could_not_be_decided_on(
    swept: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """S45: how many, and why; and no longer once it could be."""
    swept.pass_time(timedelta(minutes=20))
    policy_unparsable(swept.home)
    swept.sweep()

    bad = row(swept, capsys)

    assert bad["health"] == "bad"
    assert bad["text"].startswith("1 request could not be, last 2026-11-23 09:00 UTC")
    assert "not decided on again" in bad["text"]
    (swept.home / "policies" / "zz.cedar").unlink()
    swept.sweep()
    assert row(swept, capsys)["text"].startswith("last 2026-11-23 09:20 UTC")
