"""What was held before a grant, at its end: left or taken, and every view says which (S27 S38 S44).

One person holds one role by the company's files, and asks for it and for another one besides.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.entrypoints.cli import held
from govagents.ports import Order
from govagents.testing.company import Company
from govagents.wiring import import_world
from tests.journey.people import changed
from tests.journey.terminal import Terminal

WHO = "aisha.rahman"
BEFORE, FRESH = "fe-workshop-viewer", "od-test-data"
NAMES = {BEFORE: "Workshop Viewer", FRESH: "Masked Order Data"}
SYSTEM = {BEFORE: "fleet-erp", FRESH: "orders-db"}
OWNERS = {BEFORE: "fatima.elamrani", FRESH: "linh.tran"}


@pytest.fixture(scope="module")
def both(made: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = made.copied(tmp_path_factory.mktemp("both") / "store")
    for role, name in NAMES.items():
        (grant,) = company.ask(WHO, f"{name}, for 2 hours").grants
        assert (grant.role, bool(grant.held_before)) == (role, role == BEFORE)
    assert {grant.role: grant.targets for grant in company.grants()} == {
        role: (system,) for role, system in SYSTEM.items()
    }
    return company.restarted()


@pytest.fixture
def company(both: Company, tmp_path: Path) -> Company:
    return both.copied(tmp_path / "store")


def expire(company: Company, _folder: Path) -> None:
    company.pass_time(timedelta(hours=3))
    company.sweep()


def give_back(company: Company, _folder: Path) -> None:
    for grant in company.grants():
        company.app.guard.end(grant.id, actor=IdentityId(WHO), cause="given_back")


def revoke(company: Company, _folder: Path) -> None:
    for grant in company.grants():
        company.app.guard.end(grant.id, actor=IdentityId(OWNERS[grant.role]), cause="revoked")


def leave(company: Company, folder: Path) -> None:
    changed(company, WHO, folder / "world", status="leaver")
    company.sweep()


End = Callable[[Company, Path], None]


def rows(terminal: Terminal, role: str) -> list[dict[str, Any]]:
    """What `access` and `who-has` say of it, which is the same."""
    of_who = [each for each in terminal.data("access", WHO)["held"] if each["role"] == role]
    of_role = terminal.data("who-has", role)["holders"]
    assert [each for each in of_role if each["identity"] == WHO] == of_who
    return of_who


def shown(company: Company, terminal: Terminal, role: str) -> str:
    (grant,) = (grant for grant in company.grants() if grant.role == role)
    return terminal.type("grant", "show", grant.id).words


def holds(company: Company, role: str) -> bool:
    return company.holds(WHO, role, SYSTEM[role])


@pytest.mark.parametrize("end", [expire, give_back])
def test_what_was_held_before_is_shown_as_left_when_a_grant_ends_by_itself(
    end: End, company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end(company, tmp_path)
    terminal = Terminal(company.home, capsys)

    assert (holds(company, BEFORE), holds(company, FRESH)) == (True, False)
    (standing,) = rows(terminal, BEFORE)
    assert (standing["source"], standing["grant"], standing["taken"]) == ("birthright", None, None)
    assert rows(terminal, FRESH) == []
    assert f"held before {SYSTEM[BEFORE]}: stayed" in shown(company, terminal, BEFORE)
    assert "held before" not in shown(company, terminal, FRESH)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        (revoke, f"on the word of {OWNERS[BEFORE]}, an owner"),
        (leave, f"for {WHO} has left"),
    ],
)
def test_what_was_held_before_is_shown_as_taken_when_an_owner_or_leaving_ends_it(
    end: End,
    why: str,
    company: Company,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What was taken, on whose word, and that only the files still say otherwise."""
    end(company, tmp_path)
    terminal = Terminal(company.home, capsys)

    assert not holds(company, BEFORE)
    assert not holds(company, FRESH)
    (standing,) = rows(terminal, BEFORE)
    by = OWNERS[BEFORE] if end is revoke else None
    assert (standing["read_back"], standing["taken"]["by"]) == ("not held", by)
    assert rows(terminal, FRESH) == []
    said = shown(company, terminal, BEFORE)
    assert f"held before {SYSTEM[BEFORE]}: taken away too, {why}" in said
    assert "stays" not in said
    for words in (("access", WHO), ("who-has", BEFORE)):
        said = terminal.type(*words).words
        assert "and 1 that only the records name" in said
        assert f"{why}; the files say birthright" in said


def test_standing_access_that_was_taken_is_shown_as_held_without_the_shipped_line(
    company: Company,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The harm: the target shows nothing, and the row says that there is no end to it."""
    revoke(company, tmp_path)
    monkeypatch.setattr(held, "taking", lambda _grants: None)

    (standing,) = rows(Terminal(company.home, capsys), BEFORE)

    assert (standing["until"], standing["taken"]) == (None, None)
    assert not holds(company, BEFORE)


def test_it_is_shown_as_held_when_somebody_gave_it_again_elsewhere(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The target is asked: what was taken once need not be away for ever."""
    revoke(company, tmp_path)
    put(company, BEFORE)

    (standing,) = rows(Terminal(company.home, capsys), BEFORE)

    assert (standing["read_back"], standing["taken"]) == ("held", None)


def test_it_stays_taken_when_another_grant_is_all_that_the_target_shows(
    company: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    revoke(company, tmp_path)
    company.pass_time(timedelta(minutes=5))
    (again,) = company.ask(WHO, f"{NAMES[BEFORE]}, for 1 hour").grants
    assert not again.held_before

    standing, given = sorted(rows(Terminal(company.home, capsys), BEFORE), key=by_grant)

    assert standing["taken"]["by"] == OWNERS[BEFORE]
    assert (given["grant"], given["read_back"]) == (again.id, "held")


def by_grant(row: dict[str, Any]) -> str:
    return row["grant"] or ""


def test_a_difference_is_said_when_a_target_lost_what_was_given(
    company: Company, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not hidden behind the status of the record."""
    target = company.app.guard.targets.of(SystemId(SYSTEM[FRESH]))
    target.revoke(Order(SystemId(SYSTEM[FRESH]), RoleId(FRESH), IdentityId(WHO), "elsewhere"))
    terminal = Terminal(company.home, capsys)

    (given,) = rows(terminal, FRESH)

    assert (given["status"], given["read_back"]) == ("active", "not held")
    assert "and 1 that only the records name" in terminal.type("access", WHO).words


def test_what_was_left_is_shown_when_no_file_names_it(
    made: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Held before by nobody knows what, and still."""
    company = made.copied(tmp_path / "store")
    put(company, FRESH)
    (grant,) = company.ask(WHO, f"{NAMES[FRESH]}, for 2 hours").grants
    expire(company, tmp_path)

    found = Terminal(company.home, capsys).data("access", WHO)["held"]

    (left,) = (each for each in found if each["role"] == FRESH)
    assert (left["source"], left["read_back"]) == (f"held before grant {grant.id}", "held")


def test_an_owner_ends_the_other_grants_of_the_role_when_it_has_another_owner_since(
    company: Company, tmp_path: Path
) -> None:
    """S27: whoever has a say in one ends all of them; none is shown as active and not held."""
    lines = [
        one | ({"owner": "gunnar.lindqvist"} if one["id"] == FRESH else {})
        for one in company.lines_of("roles.jsonl")
    ]
    text = "".join(json.dumps(one) + "\n" for one in lines)
    import_world(
        company.app, company.with_files({"roles.jsonl": text}, tmp_path / "world"), apply=True
    )
    company.pass_time(timedelta(minutes=5))
    view = company.ask(WHO, f"{NAMES[FRESH]}, for 1 hour")
    assert [OWNERS[FRESH] in grant.owners for grant in view.grants] == [False]

    first = next(grant for grant in company.grants() if grant.role == FRESH)
    company.app.guard.end(first.id, actor=IdentityId(OWNERS[FRESH]), cause="revoked")

    both = [grant for grant in company.grants() if grant.role == FRESH]
    assert [(each.status, each.absolute) for each in both] == [(Status.REVOKED, True)] * 2
    assert not holds(company, FRESH)


def put(company: Company, role: str) -> None:
    system = SystemId(SYSTEM[role])
    target = company.app.guard.targets.of(system)
    target.grant(Order(system, RoleId(role), IdentityId(WHO), "elsewhere"))
