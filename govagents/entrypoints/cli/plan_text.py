"""A plan as people read it before anything happens: what, why so little, who decides, how long."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govagents.domain.catalog import Catalog
from govagents.domain.decision import Consent, Decision, Verdict
from govagents.domain.ids import IdentityId, PermissionId, RoleId
from govagents.domain.prediction import difference
from govagents.domain.proposal import (
    Alternative,
    Assessment,
    Proposal,
    Stance,
    Sufficiency,
)
from govagents.domain.question import Question
from govagents.domain.request import Need, Understanding
from govagents.domain.sight import Shown, Sight
from govagents.domain.text import Untrusted
from govagents.domain.view import Outcome, View
from govagents.domain.weighed import PlanKind
from govagents.domain.world import World
from govagents.entrypoints.cli.output import Line, Screen, Tone, Toned, one_line
from govagents.entrypoints.cli.plan_json import (
    names_also,
    reason_text,
    understanding_of,
    unread,
    words_at,
)
from govagents.entrypoints.cli.wording import count_of, length_of, name_of, time_of, window_of
from govagents.perception.own_words import own_words

Row = tuple[str, Line]

_SHOWN = 6
_LAPSES = "24 h"


@dataclass(frozen=True)
class Book:
    """Where names are looked up."""

    world: World
    catalog: Catalog

    def role(self, role: RoleId) -> str:
        """Its name with its id."""
        known = self.catalog.roles.get(role)
        return f"{known.name} ({role})" if known and known.name not in {"", role} else role

    def can(self, permission: PermissionId) -> str:
        """What it lets one do."""
        known = self.catalog.permissions.get(permission)
        return known.description if known and known.description else permission


def _nothing(words: Sequence[Untrusted]) -> str:
    """Why nothing was found: what somebody else said was not looked up at all."""
    own = [own_words(each.raw()) for each in words]
    if words and not any(each.isalnum() for text in own for each in text):
        return "only quoted or forwarded words: say what you need in your own"
    return "nothing in the catalog does this"


def show_plan(screen: Screen, view: View, book: Book) -> None:
    """Understood · smallest set and why · narrower · not given · checks · approver · end."""
    known = understanding_of(view)
    screen.facts([*_understood(known, view.words, book)])
    if view.outcome is Outcome.NO_MATCH:
        screen.facts([("found", Toned(_nothing(view.words), Tone.WAIT))])
    if view.question is not None:
        show_question(screen, view.question)
    if view.proposal is not None:
        screen.facts([*_set(view.proposal, known, book)])
    if view.decision is not None:
        screen.facts([*_checks(view.decision, view.assessment)])
        screen.facts([*_approver(view.decision, book)])
    if view.proposal is not None:
        screen.facts([*_for_review(view.proposal)])
    if view.proposal is not None and not _refused(view):
        screen.facts([*_changes(view.proposal, book)])
        screen.facts([("end", f"{_end(view.proposal, book)}{_lapses(view)}")])


def _refused(view: View) -> bool:
    return view.decision is not None and view.decision.verdict is Verdict.DENY


def show_question(screen: Screen, question: Question) -> None:
    """The question with its numbered answers."""
    rows: list[Row] = [("question", [Toned(question.text, Tone.STRONG)])]
    rows += [
        ("" if number > 1 else "answers", f"{number}  {option.label}")
        for number, option in enumerate(question.options, start=1)
    ]
    screen.facts(rows)


def _understood(known: Understanding, words: Sequence[Untrusted], book: Book) -> Iterator[Row]:
    asks = name_of(known.speaker, book.world)
    if known.speaker == known.beneficiary:
        yield "understood", f"{asks}, for themselves"
    else:
        yield "understood", f"{asks}, for {name_of(known.beneficiary, book.world)}"
    for index, named in enumerate(names_also(known, words)):
        said = Toned("” (nobody the request is known to be for)", Tone.WAIT)
        yield "" if index else "names also", ["“", one_line(named), said]
    if known.unread:
        left = " ".join(one_line(word) for word in unread(known, words))
        yield "not read", [f"“{left}”", Toned(" (so a person looks)", Tone.WAIT)]
    for index, need in enumerate(known.needs):
        yield "needs" if index == 0 else "", book.can(need.permission)
        yield "", _need(need, words)
    if known.window is not None:
        yield "asked until", f"{time_of(known.window.end)} ({length_of(known.window.length)})"
    else:
        yield "asked until", "the words name no end"
    if known.cited:
        yield "ticket", _ticket(known)
    purpose = words_at(known.purpose, words)
    if purpose is not None:
        yield "purpose", ["“", one_line(purpose), "”"]


def _need(need: Need, words: Sequence[Untrusted]) -> Line:
    said = words_at(need.span, words)
    line: list[str | Toned] = [Toned(f"{need.permission} · {need.confidence} %", Tone.QUIET)]
    if said is not None and len(said):
        line += [Toned(" · from “", Tone.QUIET), one_line(said, 80), Toned("”", Tone.QUIET)]
    return line


def _ticket(known: Understanding) -> Line:
    others = [ticket for ticket in known.cited if ticket != known.ticket]
    counted = [f"{known.ticket} (open, theirs)"] if known.ticket is not None else []
    cited = [f"{ticket} (cited, proves nothing)" for ticket in others]
    return " · ".join([*counted, *cited])


def _set(proposal: Proposal, known: Understanding, book: Book) -> Iterator[Row]:
    if not proposal.roles:
        yield "smallest set", [Toned("none is possible", Tone.BAD)]
        for obstacle in proposal.obstacles:
            yield "", obstacle
        return
    proved = proposal.proof.status is Sufficiency.OPTIMAL
    head = "smallest set" if proved else "best found"
    for index, role in enumerate(proposal.roles):
        alone = proposal.why.get(role, ())
        why = f"  alone covers {', '.join(alone)}" if alone else ""
        label = "" if index else head
        yield label, [Toned(book.role(role), Tone.STRONG), Toned(why, Tone.QUIET)]
    yield "proof", _proof(proposal)
    if proposal.excess:
        yield "comes along", _listed(proposal.excess)
    if proposal.narrower is not None:
        yield "narrower", _narrower(proposal, proposal.narrower)
    yield from _not_given(proposal, known, book)
    if not proposal.all_seen:
        said = "not all alternatives were looked at: the step budget ended first"
        yield "", [Toned(said, Tone.WAIT)]


def _proof(proposal: Proposal) -> Line:
    proof = proposal.proof
    steps = count_of(proof.steps, "step")
    if proof.status is Sufficiency.OPTIMAL:
        certified = "certified" if proof.certificate else "no certificate for this kind yet"
        return (
            f"smallest: excess weight {proof.excess_weight} = lower bound {proof.lower_bound}, "
            f"{certified}, {steps}"
        )
    return [
        Toned("not proved smallest: ", Tone.WAIT),
        f"excess weight {proof.excess_weight}, lower bound {proof.lower_bound} "
        f"(gap {proof.excess_weight - proof.lower_bound}) within {steps}",
    ]


def _narrower(proposal: Proposal, narrower: Alternative) -> Line:
    left = f"leaves out {', '.join(narrower.leaves_out)}"
    saves = proposal.proof.excess_weight - narrower.excess_weight
    roles = ", ".join(narrower.roles) or "nothing"
    return f"{roles}: {left}, saves {saves} (excess weight {narrower.excess_weight})"


def _not_given(proposal: Proposal, known: Understanding, book: Book) -> Iterator[Row]:
    label = "not given"
    for role in known.narrowed:
        yield label, f"{book.role(role)}: named, but the purpose does not need it"
        label = ""
    lost = {plan.kind: plan.lost for plan in proposal.weighed}
    best = proposal.next_best
    if best is not None:
        why = lost.get(PlanKind.NEXT_BEST) or f"excess weight {best.excess_weight}"
        yield label, f"{', '.join(best.roles)}: the next best, {why}"
        label = ""
        if best.adds:
            yield label, f"it would add {_listed(best.adds)}"
    elif proposal.all_seen:
        yield label, "any other set: each that suffices contains this one"
        label = ""
    if proposal.narrower is None and PlanKind.NOTHING in lost:
        yield label, f"nothing at all: {lost[PlanKind.NOTHING]}"


def _changes(proposal: Proposal, book: Book) -> Iterator[Row]:
    for index, change in enumerate(difference(proposal, book.catalog)):
        label = "" if index else "will change"
        yield label, f"{change.system}: {change.subject} gets {change.role}"
    for index, role in enumerate(_held(proposal)):
        yield "" if index else "held already", f"{role}: nothing changes there now"
    yield from _unseen(proposal)


def _for_review(proposal: Proposal) -> Iterator[Row]:
    """Where records and targets differ, also where nothing will be given."""
    for each in proposal.seen:
        if each.differs:
            yield "for review", [Toned(_differs(each), Tone.WAIT)]


def _held(proposal: Proposal) -> list[RoleId]:
    """What nothing changes of, on none of its systems, and is so by the records."""
    moved = {each.role for each in proposal.seen if each.differs or not each.there}
    return [role for role in proposal.roles if role not in moved]


def _differs(sight: Sight) -> str:
    if sight.there:
        said = "is there already, though no file and no grant gives it; giving it changes nothing"
        return f"{sight.system}: {sight.role} {said}"
    return f"{sight.system}: {sight.role} is held by the records, and the target does not show it"


def _unseen(proposal: Proposal) -> Iterator[Row]:
    """Where the prediction is only what the records say."""
    silent = dict.fromkeys(each.system for each in proposal.seen if each.shown is Shown.SILENT)
    if silent:
        said = f"{', '.join(silent)} gave no answer: what will change is by the records there"
        yield "not seen", [Toned(said, Tone.WAIT)]
    if any(each.shown is Shown.UNASKED for each in proposal.seen):
        yield "not seen", "what will change is by the records: targets know no other time than now"


def _checks(decision: Decision, assessment: Assessment | None) -> Iterator[Row]:
    mark = {
        Verdict.PERMIT: Toned("permit ", Tone.GOOD),
        Verdict.ASK: Toned("ask ", Tone.WAIT),
        Verdict.DENY: Toned("deny ", Tone.BAD),
    }[decision.verdict]
    yield "checks", [mark, Toned(f"policy {decision.policy_digest[:12]}", Tone.QUIET)]
    for reason in decision.reasons:
        where = f"{reason.role}: " if reason.role is not None else ""
        yield "", f"{where}{reason_text(reason)}"
    if assessment is not None:
        yield "risk", _risk(assessment)


def _risk(assessment: Assessment) -> Line:
    tone = {Stance.ACCEPT: Tone.GOOD, Stance.VETO: Tone.BAD}.get(assessment.stance, Tone.WAIT)
    said = "; ".join(assessment.reasons)
    rest = f": {said}" if said else ""
    radius = f" (blast radius {assessment.blast_radius}, round {assessment.round})"
    return [Toned(assessment.stance.value, tone), rest, Toned(radius, Tone.QUIET)]


def _approver(decision: Decision, book: Book) -> Iterator[Row]:
    if decision.verdict is Verdict.PERMIT:
        yield "approver", "nobody else has to be asked"
        return
    lines = [
        line
        for consent in decision.consents
        for line in _consent(consent, book, named=len(decision.consents) > 1)
    ]
    for index, line in enumerate(lines):
        yield "" if index else "approver", line


def _consent(consent: Consent, book: Book, *, named: bool) -> Iterator[Line]:
    """Who is asked for one role, and why them; `named` = the role has to be said."""
    of = f"{consent.quorum} of these" if consent.quorum > 1 else ""
    role = f"for {consent.role}" if named else ""
    if of or role:
        yield f"{' '.join(part for part in (of, role) if part)}:"
    if not consent.open:
        yield Toned("too few can be asked for this: it stays pending", Tone.WAIT)
    for index, (person, why) in enumerate(_reasons(consent)):
        joined = "or " if index and consent.quorum == 1 else ""
        if person is None:
            yield [Toned(f"{joined}nobody", Tone.BAD), f" {why}"]
        else:
            yield [f"{joined}{name_of(person, book.world)}", Toned(f": {why}", Tone.QUIET)]


def _reasons(consent: Consent) -> list[tuple[IdentityId | None, str]]:
    """Each who fills a seat, once, with every reason for it; each empty seat by itself."""
    of_person: dict[IdentityId, list[str]] = {}
    for seat in consent.seats:
        if seat.person is not None:
            of_person.setdefault(seat.person, []).append(seat.why)
    empty = [(None, f"as {seat.kind}: {seat.why}") for seat in consent.seats if seat.person is None]
    return [*((person, "; ".join(whys)) for person, whys in of_person.items()), *empty]


def _lapses(view: View) -> str:
    """Until when somebody has to answer, where somebody is asked."""
    if view.decision is None or view.decision.verdict is not Verdict.ASK:
        return ""
    if view.extension is None:
        return f"; unanswered it lapses after {_LAPSES}"
    return f"; unanswered it lapses when {view.extension.grant} ends, or after {_LAPSES}"


def _end(proposal: Proposal, book: Book) -> str:
    cut = f"; {book.role(proposal.cut_by)} allows no longer" if proposal.cut_by else ""
    if proposal.cut_by_kind:
        cut = "; an agent holds nothing for longer at once"
    if proposal.ends_with_identity:
        cut = (
            f"; {name_of(proposal.beneficiary, book.world)} itself, or what it acts for, ends then"
        )
    counted = ", counted from activation" if proposal.window.floating else ""
    return f"{window_of(proposal.window)}{counted}{cut}"


def _listed(permissions: Sequence[PermissionId]) -> str:
    rest = len(permissions) - _SHOWN
    return ", ".join(permissions[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
