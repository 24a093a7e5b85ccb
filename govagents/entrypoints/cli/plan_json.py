"""A plan, or a request so far, as the one JSON object that programs read.

Rules:
1. The keys are exactly those of `plan_object`, in that order, whatever the outcome.
2. A plan that was not sent is kept nowhere: its id only names it, its outcome fixes its status.
3. `understood.window` is what was asked for, `proposal.window` what would be given; a span is
   `[start, end)` in characters of what the speaker wrote; confidence runs from 0 to 1.
4. `understood.ticket` is the ticket that counts, else the one the words cite.
5. Words of the speaker appear as shown: with control characters made visible.
"""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from govagents.domain.canonical import instant
from govagents.domain.decision import Decision, Reason
from govagents.domain.ids import IdentityId
from govagents.domain.proposal import Proposal
from govagents.domain.question import Question
from govagents.domain.request import Need, Request, Understanding, Window
from govagents.domain.text import Span, Untrusted
from govagents.domain.view import Outcome, View
from govagents.entrypoints.cli.exits import Exit
from govagents.entrypoints.cli.output import Json

OF_OUTCOME: Mapping[Outcome, Exit] = MappingProxyType(
    {
        Outcome.PROPOSE: Exit.OK,
        Outcome.NARROW: Exit.OK,
        Outcome.CLARIFY: Exit.NEEDS_INFORMATION,
        Outcome.NO_MATCH: Exit.NEEDS_INFORMATION,
        Outcome.DENY: Exit.DENIED,
    }
)
"""What the shell is told of a plan."""


def plan_object(view: View, *, next_: str) -> dict[str, Json]:
    """(1)."""
    return {
        "request_id": view.request.id,
        "outcome": None if view.outcome is None else view.outcome.value,
        "status": view.status.value,
        "understood": _understood(view),
        "question": _question(view.question),
        "proposal": _proposal(view.proposal),
        "decision": _decision(view.decision),
        "next": next_,
    }


def words_at(span: Span | None, words: Sequence[Untrusted]) -> Untrusted | None:
    """(5) The characters a span points at; None where the text was erased or has none."""
    if span is None or span.part >= len(words):
        return None
    return Untrusted(words[span.part].raw()[span.start : span.end])


def names_also(known: Understanding, words: Sequence[Untrusted]) -> list[Untrusted]:
    """(5) Whoever the words name beside the one they are for; an erased text names nobody."""
    named = (words_at(span, words) for span in known.unaccounted)
    return [said for said in named if said is not None]


def unread(known: Understanding, words: Sequence[Untrusted]) -> list[Untrusted]:
    """(5) The words that nothing has read, in order; none of an erased text."""
    found = (words_at(span, words) for span in known.unread)
    return [said for said in found if said is not None]


def reason_text(reason: Reason) -> str:
    """One cause in one sentence: which policy, what it says, which of its guards were false.

    >>> reason_text(Reason(None, "reader-hours", "read lane statistics", ("business hours",)))
    'reader-hours: read lane statistics (not: business hours)'
    """
    head = f"{reason.policy}: {reason.text}" if reason.policy else reason.text
    return f"{head} (not: {', '.join(reason.guards)})" if reason.guards else head


def understanding_of(view: View) -> Understanding:
    """What is known; of words nobody could read that is who speaks and for whom."""
    if view.resolution is not None:
        return view.resolution.understanding
    return _unread(view.request)


def _unread(request: Request) -> Understanding:
    beneficiary: IdentityId = request.asked_for or request.speaker
    return Understanding(request.speaker, beneficiary, (), None, None, None)


def _understood(view: View) -> Json:
    known = understanding_of(view)
    purpose = words_at(known.purpose, view.words)
    return {
        "speaker": known.speaker,
        "beneficiary": known.beneficiary,
        "needs": [_need(need) for need in known.needs],
        "window": _window(known.window),
        "ticket": known.ticket or next(iter(known.cited), None),
        "purpose": None if purpose is None else purpose.shown(),
    }


def _need(need: Need) -> Json:
    return {
        "permission": need.permission,
        "confidence": need.confidence / 100,
        "span": [need.span.start, need.span.end],
    }


def _window(window: Window | None) -> Json:
    if window is None:
        return None
    return {"start": instant(window.start), "end": instant(window.end)}


def _question(question: Question | None) -> Json:
    if question is None:
        return None
    return {
        "about": question.about.value,
        "text": question.text,
        "options": [option.label for option in question.options],
    }


def _proposal(proposal: Proposal | None) -> Json:
    if proposal is None:
        return None
    proof = proposal.proof
    return {
        "roles": list(proposal.roles),
        "window": _window(proposal.window),
        "excess_weight": proof.excess_weight,
        "status": proof.status.value,
        "lower_bound": proof.lower_bound,
        "certificate": None if proof.certificate is None else json.loads(proof.certificate),
    }


def _decision(decision: Decision | None) -> Json:
    if decision is None:
        return None
    return {
        "verdict": decision.verdict.value,
        "reasons": [reason_text(reason) for reason in decision.reasons],
        "approvers": list(decision.approvers),
    }
