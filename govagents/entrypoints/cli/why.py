"""`govagents why`: the whole rationale of a request, a grant or a decision, with its evidence."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    LastOption,
    NowOption,
)

if TYPE_CHECKING:
    from govagents.domain.decision import Decision
    from govagents.domain.observation import Observation
    from govagents.domain.precedent import Recalled
    from govagents.domain.proposal import Proposal
    from govagents.domain.view import View
    from govagents.entrypoints.cli.output import Line, Screen
    from govagents.entrypoints.cli.session import Session

_SHORT = 16


def why(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(metavar="ID", show_default=False, help="Of a request, grant or decision."),
    ] = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say why: the facts and policies it rests on, the proof, who answered, where it is logged."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import request_behind
    from govagents.entrypoints.cli.request_json import why_object
    from govagents.entrypoints.cli.session import open_session

    session = open_session(context, Common(home, as_, now, as_json))
    view = session.view(request_behind(session, what, last=last))
    next_ = (session.look("audit", "verify"), *_proofs(session, view))
    if as_json:
        session.screen.data(why_object(view, next_=next_[0]))
        return Exit.OK
    _show(session, view)
    session.screen.next(*next_)
    return Exit.OK


def _proofs(session: "Session", view: "View") -> tuple[str, ...]:
    """How to have the proof checked by somebody else, where there is one."""
    proved = view.proposal is not None and view.proposal.proof.certificate is not None
    return (session.look("request", "proof" if proved else "show", view.request.id),)


def _show(session: "Session", view: "View") -> None:
    from govagents.entrypoints.cli.entries import show_entries
    from govagents.entrypoints.cli.plan_text import show_plan
    from govagents.entrypoints.cli.request_text import book_of, show_state, show_words

    screen = session.screen
    show_words(session, view)
    show_plan(screen, view, book_of(session))
    _show_observed(screen, view.observed)
    if view.proposal is not None:
        screen.heading("why this set")
        screen.facts([*_proof(view.proposal)])
        screen.heading("plans that were weighed, and why the others lost")
        screen.facts([*_weighed(view.proposal)])
    if view.decision is not None:
        screen.heading("why this verdict")
        screen.facts([*_decided(view.decision)])
    _show_factors(session, view)
    if view.recalled is not None:
        screen.heading("what memory said (it advises only)")
        screen.facts([*_memory(view.recalled)])
    screen.heading("what became of it")
    show_state(session, view)
    show_entries(session, view.entries)


def _show_observed(screen: "Screen", observed: "Sequence[Observation]") -> None:
    from govagents.domain.observation import Topic

    for topic in Topic:
        of_it = [one for one in observed if one.topic is topic]
        if of_it:
            screen.heading(f"where it came from: {topic.value}")
            screen.facts([*_provenance(of_it)])


def _provenance(observed: "Sequence[Observation]") -> "Iterator[tuple[str, Line]]":
    """Facts of a system of record, claims of the words and the unknown, told apart."""
    from govagents.domain.observation import Trust
    from govagents.entrypoints.cli.output import Tone, Toned
    from govagents.entrypoints.cli.wording import time_of

    tones = {Trust.FACT: Tone.GOOD, Trust.CLAIM: Tone.WAIT, Trust.UNKNOWN: Tone.QUIET}
    for one in observed:
        trust = Toned(one.trust.value, tones[one.trust])
        unknown = one.source.value == one.trust.value
        source = "" if unknown else f", from {one.source.value}"
        seen = f": {one.value}" if one.value is not None else ""
        yield one.field, [trust, f"{source}, {time_of(one.at)}{seen}"]


def _proof(proposal: "Proposal") -> "Iterator[tuple[str, Line]]":
    proof = proposal.proof
    for index, cost in enumerate(proposal.costs):
        said = f"accounts for {cost.excess_weight} of the excess weight"
        yield "" if index else "each need", f"{cost.permission} {said}"
    yield "catalog", proof.catalog[:_SHORT]
    yield "weights", proof.weights[:_SHORT]
    problem = hashlib.sha256(proof.problem.encode()).hexdigest()
    yield "problem", f"{problem[:_SHORT]}, {proof.steps:,} steps"


def _weighed(proposal: "Proposal") -> "Iterator[tuple[str, Line]]":
    from govagents.entrypoints.cli.output import Tone, Toned
    from govagents.entrypoints.cli.wording import count_of, length_of

    needs = len(proposal.needs)
    for plan in proposal.weighed:
        score = plan.score
        terms = (
            f"covers {score.covers} of {needs}",
            f"excess weight {score.excess_weight}",
            count_of(score.role_count, "role"),
            length_of(score.length),
        )
        yield plan.kind.value, ", ".join(plan.roles) or "no roles"
        yield "", Toned(" · ".join(terms), Tone.QUIET)
        yield "", plan.lost or Toned("kept", Tone.GOOD)


def _decided(decision: "Decision") -> "Iterator[tuple[str, Line]]":
    from govagents.entrypoints.cli.wording import time_of

    yield "decision", f"{decision.evaluation}, {time_of(decision.at)}"
    yield "policy", decision.policy_digest[:_SHORT]
    yield "facts", decision.facts_digest[:_SHORT]
    yield "proposal", decision.proposal_digest[:_SHORT]
    if decision.obligations:
        yield "obliged to", ", ".join(decision.obligations)


def _show_factors(session: "Session", view: "View") -> None:
    if view.assessment is None:
        return
    session.screen.heading("static factors: who it is, and what the roles reach")
    session.screen.facts([*_pairs(view.assessment.static_factors)])
    session.screen.heading("dynamic factors: how things stand now")
    session.screen.facts([*_pairs(view.assessment.dynamic_factors)])


def _pairs(factors: Mapping[str, str]) -> "Iterator[tuple[str, Line]]":
    for name, value in sorted(factors.items()):
        yield name.replace("_", " "), value


def _memory(recalled: "Recalled") -> "Iterator[tuple[str, Line]]":
    yield "index", recalled.embedder + (f": {recalled.note}" if recalled.note else "")
    for index, (case, similarity) in enumerate(recalled.cases):
        roles = ", ".join(case.roles) or "no roles"
        yield (
            "" if index else "similar",
            f"{case.request} {case.ending} ({similarity} %): {roles}, log entry {case.entry}",
        )
