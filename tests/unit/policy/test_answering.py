"""Which person answers for an agent's, a bot's or a service's word (S71 S42)."""

from dataclasses import replace

import pytest

from govagents.domain.identity import Identity, Kind
from govagents.domain.ids import IdentityId
from govagents.policy import answering
from govagents.policy.answering import accountable
from tests.unit.policy.company import machine, person, world


def bot(name: str, owner: str, sponsor: str | None = None, parent: str | None = None) -> Identity:
    found = machine(name, Kind.AGENT, owner, parent)
    assert found.nonhuman is not None
    behind = IdentityId(sponsor) if sponsor else None
    return replace(found, nonhuman=replace(found.nonhuman, sponsor=behind))


PEOPLE = (
    person("ida", None),
    person("away", None, status="on_leave"),
    person("left", None, status="leaver"),
)
MACHINES = (
    bot("owned", "ida", "boss"),
    bot("owned-by-one-away", "away", "boss"),
    bot("sponsored", "left", "ida"),
    bot("deserted", "left", "left"),
    bot("nobodys", "nowhere"),
    bot("child", "left", "left", "owned"),
    bot("own-sponsor-first", "left", "boss", "owned"),
    bot("grandchild", "left", None, "child"),
    bot("child-of-deserted", "left", None, "deserted"),
    bot("a-person's", "left", None, "ida"),
    bot("round", "left", None, "and-round"),
    bot("and-round", "left", None, "round"),
    bot("itself", "itself", "itself", "itself"),
    bot("lost", "left", None, "nowhere"),
)


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("ida", "ida"),
        ("away", "away"),
        ("left", "left"),
        ("owned", "ida"),
        ("owned-by-one-away", "away"),
        ("sponsored", "ida"),
        ("deserted", None),
        ("nobodys", None),
        ("child", "ida"),
        ("own-sponsor-first", "boss"),
        ("grandchild", "ida"),
        ("child-of-deserted", None),
        ("a-person's", "ida"),
        ("round", None),
        ("and-round", None),
        ("itself", None),
        ("lost", None),
        ("stranger", None),
    ],
)
def test_a_person_still_here_is_found_or_nobody_when_somebody_spoke(
    principal: str, expected: str | None
) -> None:
    assert accountable(world(*PEOPLE, *MACHINES), IdentityId(principal)) == expected


def test_one_who_left_answers_when_nobody_asks_who_is_still_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the shipped condition the log would name somebody who can no longer be asked."""
    monkeypatch.setattr(answering, "employed", lambda *_: True)

    assert accountable(world(*PEOPLE, *MACHINES), IdentityId("sponsored")) == "left"
