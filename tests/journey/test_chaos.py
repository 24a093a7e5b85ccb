"""A grant on a target that lets one down: one effect, and what is said is so (S64, S38).

Said is what the record says: active is held; ended is not held; everything else says that it is
not done. Each kind of disturbance meets the way in and the way out.
"""

from collections import Counter
from collections.abc import Mapping, Set
from datetime import timedelta
from pathlib import Path

import pytest

from govagents.action.targets import Targets
from govagents.adapters.connectors import Loaded, load_connectors
from govagents.domain.ids import IdentityId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.ports import Connector
from govagents.testing.chaos import ALL, Chaos, Whim
from govagents.testing.company import Company
from govagents.wiring import parts

SRE, MANAGER = "samuel.adeyemi", "arjun.mehta"
REDRIVE = "Redrive the tracking dlq, 2h"
ROLE, SYSTEM = RoleId("ap-queue-operator"), SystemId("aws-prod")
ENDED = {Status.EXPIRED, Status.REVOKED}
# A stale reading after a refused order is a lie that nobody can see through: SECURITY.md, limits.
MOST = ALL - {Whim.STALE}
MOODS = {**{whim.value: {whim} for whim in sorted(ALL)}, "any": MOST, "any again": MOST}


@pytest.fixture
def moody(
    company: Company, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Chaos:
    """The company's target, in every process that opens it; calm so far."""
    found: list[Chaos] = []

    def one(enabled: Mapping[str, str]) -> Loaded:
        (real,) = load_connectors(enabled).classes.values()

        class Moody(real):  # type: ignore[misc,valid-type]  # of the file that was enabled
            @classmethod
            def at(cls, address: str, folder: Path) -> Connector:
                seed = sum(request.node.name.encode())
                found[:] = found or [Chaos(real.at(address, folder), seed=seed)]
                return found[0]

        return Loaded({real.scheme: Moody}, ())

    monkeypatch.setattr(parts, "load_connectors", one)
    settings = company.home / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text("target_seconds = 0.3\n" + text, encoding="utf-8")
    assert company.app
    return found[0]


def said(company: Company, moody: Chaos, asked: View) -> View:
    """What the record says now, which is so."""
    view = company.view(asked.request.id)
    held = IdentityId(SRE) in moody.behind.holders(SYSTEM, ROLE)
    if any(grant.status is Status.ACTIVE for grant in view.grants):
        assert held
    if all(grant.status in ENDED for grant in view.grants):
        assert not held
    return view


def settled(company: Company, moody: Chaos, asked: View) -> View:
    """As another process leaves it, once the target is calm."""
    moody.calm()
    company.restarted().sweep()
    return said(company, moody, asked)


def kinds(view: View) -> Counter[str]:
    return Counter(event.kind for _, event in view.entries)


@pytest.mark.parametrize("whims", MOODS.values(), ids=MOODS.keys())
def test_a_grant_has_one_effect_and_what_is_said_of_it_is_so(
    company: Company, moody: Chaos, whims: Set[Whim]
) -> None:
    asked = company.ask(SRE, REDRIVE)
    moody.disturb(whims, times=2, odds=0.6 if whims == MOST else 1)
    company.approve(asked, MANAGER)
    said(company, moody, asked)
    given = settled(company, moody, asked)
    if given.status is not Status.ACTIVE:  # nothing of it is left, and it may be asked for again
        asked = company.ask(SRE, REDRIVE)
        given = company.approve(asked, MANAGER)
    assert (given.status, kinds(given)["grant.verified"]) == (Status.ACTIVE, 1)

    moody.disturb(whims, times=2, odds=0.6 if whims == MOST else 1)
    company.pass_time(timedelta(hours=3))
    company.sweep()
    said(company, moody, asked)
    ended = settled(company, moody, asked)

    assert ended.status is Status.EXPIRED
    assert kinds(ended)["grant.ended"] == 1
    assert {each.call for each in moody.happened} & {"grant", "holders"}
    assert {each.call for each in moody.happened} & {"revoke", "holders"}


def test_what_is_on_no_target_is_called_verified_when_the_guard_does_not_read_back(
    company: Company, moody: Chaos, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away; a second reading, by the verifier, still finds it out."""
    monkeypatch.setattr(Targets, "_read", lambda *_, **__: None)
    asked = company.ask(SRE, REDRIVE)
    moody.disturb({Whim.LOST_ORDER}, times=1)

    given = company.approve(asked, MANAGER)

    assert kinds(given)["grant.verified"] == 1
    assert moody.behind.holders(SYSTEM, ROLE) == frozenset()
    assert given.status is Status.BLOCKED
