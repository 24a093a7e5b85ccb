"""A request as people read it after it was sent, and what they can do about it next."""

from collections.abc import Sequence

from govagents.action.confirming import TO_CONFIRM
from govagents.domain.decision import Verdict
from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import Outcome, View
from govagents.domain.world import World
from govagents.entrypoints.cli import example, grant_text
from govagents.entrypoints.cli.example import request_again, search_for
from govagents.entrypoints.cli.output import Line, Tone, Toned, one_line
from govagents.entrypoints.cli.plan_text import Book
from govagents.entrypoints.cli.session import Opened, Session
from govagents.entrypoints.cli.wording import name_of, status_of, time_of
from govagents.errors import GovAgentsError
from govagents.policy.answering import accountable


def book_of(session: Opened) -> Book:
    """The names in force."""
    return Book(session.world(), session.catalog())


def show_words(session: Session, view: View) -> None:
    """Who asked when, and the words as they were typed."""
    asked = f"{name_of(view.request.speaker, session.world())}, {time_of(view.request.at)}"
    rows: list[tuple[str, Line]] = [("asked by", asked)]
    if view.extension is not None:
        until = f"until {time_of(view.extension.until)}, with the words it was asked for"
        rows.append(("more time for", f"{view.extension.grant}, {until}"))
    if view.withheld:
        rows.append(("words", "withheld: policy keeps them from whoever decides"))
    session.screen.facts(rows)
    for words in view.words:
        session.screen.quote(words)
    session.screen.line()


def show_state(session: Session, view: View) -> None:
    """The request's id and status, why it stands there, and its grants."""
    screen = session.screen
    head: list[str | Toned] = [Toned(view.request.id, Tone.STRONG), "  ", status_of(view.status)]
    if view.note:
        head.append(f"  {view.note}")
    rows: list[tuple[str, Line]] = [("request", head)]
    rows += [("answered", _answer) for _answer in _answers(view, session.world())]
    screen.facts(rows)
    if view.grants:
        grant_text.show_grants(screen, view.grants, session.app.guard.expiry)


def summary(view: View) -> tuple[Line, ...]:
    """One row of a list: id, status, for whom, roles, first words."""
    beneficiary = view.request.asked_for or view.request.speaker
    if view.resolution is not None:
        beneficiary = view.resolution.understanding.beneficiary
    roles = ", ".join(view.proposal.roles) if view.proposal else ""
    words = one_line(view.words[0], 40) if view.words else ""
    return (view.request.id, status_of(view.status), beneficiary, roles, words)


def next_of(session: Session, view: View) -> tuple[str, ...]:
    """What can be typed now."""
    request = view.request.id
    speaker = view.request.speaker
    why = session.look("why", request)
    match view.status:
        case Status.NEEDS_INFO if not session.may_be(speaker):
            return (session.look("request", "show", request), why)
        case Status.NEEDS_INFO:
            return (_answer_to(session, view), why)
        case Status.PENDING:
            return (*_decide(session, view), why)
        case Status.RETURNED if view.outcome is Outcome.NO_MATCH:
            return (search_for(session, [each.raw() for each in view.words]), why)
        case Status.RETURNED if not session.may_be(speaker):
            return (why,)
        case Status.RETURNED:
            return (request_again(session, view), why)
        case Status.BLOCKED:
            return (*_unblock(session, view), why)
    return (*_give_back(session, view.grants), why)


def after_plan(session: Session, plan: View, text: str) -> str:
    """What can be typed after a plan that was not sent."""
    match plan.outcome:
        case Outcome.NO_MATCH | None:
            return search_for(session, [text])
        case Outcome.DENY if plan.proposal is not None and plan.proposal.roles:
            return session.look("catalog", "show", plan.proposal.roles[0])
        case Outcome.DENY if plan.proposal is not None and plan.proposal.needs:
            return session.look("catalog", "show", plan.proposal.needs[0])
        case Outcome.DENY:
            return search_for(session, [text])
    asked_for = plan.request.asked_for
    return session.next("ask", *(("--for", asked_for) if asked_for else ()), said=text)


def _answer_to(session: Session, view: View) -> str:
    words, speaker = example.answer_to(view.question), view.request.speaker
    return session.next("request", "answer", view.request.id, words, as_=speaker)


def _unblock(session: Session, view: View) -> tuple[str, ...]:
    if view.note != TO_CONFIRM:
        return (session.look("doctor"), session.look("sweep", "--once"))
    who = view.proposal and accountable(session.world(), view.proposal.beneficiary)
    if not who or not session.may_be(who):
        return (session.look("request", "show", view.request.id),)
    return (session.next("request", "confirm", view.request.id, as_=who),)


def _decide(session: Session, view: View) -> tuple[str, ...]:
    if view.decision is None or view.decision.verdict is not Verdict.ASK:
        return ()
    answered = {answer.person for answer in view.answers}
    approvers = [each for each in _may_decide(session, view) if each not in answered]
    if not approvers:
        return ()
    person: IdentityId = approvers[0]
    if session.who in approvers:
        person = session.who
    if not session.may_be(person):
        return (session.look("request", "show", view.request.id),)
    return (session.next("approve", view.request.id, as_=person),)


def _may_decide(session: Session, view: View) -> tuple[IdentityId, ...]:
    """Nobody where the records cannot be believed: whoever tries is told so."""
    try:
        return session.app.runner.approvers(view.request.id)
    except GovAgentsError:
        return ()


def _give_back(session: Session, grants: Sequence[Grant]) -> tuple[str, ...]:
    return tuple(
        session.next("grant", "give-back", grant.id, as_=grant.beneficiary)
        if session.may_be(grant.beneficiary)
        else session.look("request", "show", grant.request)
        for grant in grants
        if grant.status in LIVE
    )[:1]


def _answers(view: View, world: World) -> list[Line]:
    return [
        [
            Toned("yes", Tone.GOOD) if answer.consent else Toned("no", Tone.BAD),
            f" by {name_of(answer.person, world)}, {time_of(answer.at)}",
        ]
        for answer in view.answers
    ]
