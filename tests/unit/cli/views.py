"""One request as the engine would tell it: a baker who asks to see tomorrow's orders."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role
from govagents.domain.decision import Consent, Decision, Reason, Seat, Verdict
from govagents.domain.identity import Identity, Kind
from govagents.domain.ids import IdentityId, PermissionId, RequestId, RoleId, SystemId, TicketId
from govagents.domain.proposal import (
    Alternative,
    Assessment,
    NeedCost,
    Proof,
    Proposal,
    Stance,
    Sufficiency,
)
from govagents.domain.question import Clarity, Resolution
from govagents.domain.request import Need, Request, Status, Understanding, Window
from govagents.domain.rules import Eligibility
from govagents.domain.text import Span, Untrusted
from govagents.domain.view import View
from govagents.domain.weighed import PlanKind, Score, Weighed
from govagents.domain.world import World
from govagents.entrypoints.cli.plan_text import Book

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEXT = "INC-7: let me see tomorrow's orders for the stock take, 2h"
BAKER, OWNER = IdentityId("bo.baker"), IdentityId("ona.owner")
READ, WRITE = PermissionId("shop:orders:read"), PermissionId("shop:orders:write")
CLERK, KEEPER = RoleId("shop-clerk"), RoleId("shop-keeper")
WINDOW = Window(NOW, NOW + timedelta(hours=2), floating=True)
CERTIFICATE = '{"excess_weight":5}'


def understanding() -> Understanding:
    return Understanding(
        speaker=BAKER,
        beneficiary=BAKER,
        needs=(Need(READ, 87, Span(14, 35)),),
        window=WINDOW,
        ticket=TicketId("INC-7"),
        purpose=Span(40, 54),
        cited=(TicketId("INC-7"), TicketId("INC-8")),
        narrowed=(KEEPER,),
    )


def proof() -> Proof:
    return Proof(Sufficiency.OPTIMAL, 5, 5, 12, CERTIFICATE, "c" * 64, "w" * 64, "p" * 64)


def plans(next_best: str = "excess weight 9 instead of 5") -> tuple[Weighed, ...]:
    whole, hours = Score(1, 5, 1, 1, 0, WINDOW.length), WINDOW.length
    return (
        Weighed(PlanKind.CHOSEN, (CLERK,), whole),
        Weighed(PlanKind.NEXT_BEST, (KEEPER,), Score(1, 9, 1, 1, 0, hours), next_best),
        Weighed(PlanKind.NOTHING, (), Score(0, 0, 0, 0, 0, hours * 0), "covers 0 of 1 needs"),
    )


def proposal() -> Proposal:
    return Proposal(
        beneficiary=BAKER,
        roles=(CLERK,),
        needs=(READ,),
        excess=(WRITE,),
        window=WINDOW,
        proof=proof(),
        why={CLERK: (READ,)},
        costs=(NeedCost(READ, 5),),
        narrower=Alternative((), 0, leaves_out=(READ,)),
        next_best=Alternative((KEEPER,), 9, adds=(WRITE,)),
        weighed=plans(),
    )


def decision(verdict: Verdict = Verdict.ASK) -> Decision:
    return Decision(
        evaluation="ev_1",
        verdict=verdict,
        reasons=(Reason(CLERK, "ask-owner", "the owner of the role decides"),),
        consents=(Consent(CLERK, (Seat("role-owner", OWNER, "owns Clerk"),), 1, open=True),),
        obligations=(),
        policy_digest="a" * 64,
        facts_digest="f" * 64,
        proposal_digest="b" * 64,
        at=NOW,
    )


def view(text: str = TEXT) -> View:
    return View(
        request=Request(RequestId("req_1"), BAKER, None, NOW, "d" * 64),
        status=Status.PENDING,
        words=(Untrusted(text),),
        resolution=Resolution(Clarity.CLEAR, understanding()),
        proposal=proposal(),
        assessment=Assessment(
            Stance.ACCEPT, ("little reach",), 2, 1, {"reach": "2"}, {"hour": "9"}
        ),
        decision=decision(),
    )


def unread(status: Status = Status.RETURNED) -> View:
    return replace(view(), status=status, resolution=None, proposal=None, decision=None)


def book() -> Book:
    people = [Identity(BAKER, Kind.PERSON, "Bo Baker"), Identity(OWNER, Kind.PERSON, "Ona Owner")]
    shop = SystemId("shop")
    roles = [
        Role(CLERK, "Clerk", frozenset({READ, WRITE}), system=shop),
        Role(KEEPER, "Keeper", frozenset({READ, WRITE}), system=shop),
    ]
    permissions = [
        Permission(READ, AccessLevel.READ, description="See the orders.", system=shop),
        Permission(WRITE, AccessLevel.WRITE, description="Change the orders.", system=shop),
    ]
    return Book(
        World(
            version=1,
            identities={each.id: each for each in people},
            systems={},
            assignments=(),
            tickets={},
            separation=(),
            eligibility=Eligibility({}, 3, {}, ()),
        ),
        Catalog(
            "shop",
            "1",
            "c" * 64,
            {each.id: each for each in permissions},
            {each.id: each for each in roles},
        ),
    )
