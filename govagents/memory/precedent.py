"""Which closed cases count, what they may change, and when they call for a person. Pure.

Rules:
1. A case counts from the moment it closed until it expires.
2. A case counts if the catalog in force is the one it was about, or still holds all its needs.
3. A reader sees a case only up to the sensitivity he may read: the higher of what it was and what
   its needs are today. Who is unknown or has left sees none.
4. A case without provenance (what wrote it, the log entry it rests on) neither counts nor is kept.
5. Cases are ranked by similarity of words, raised by the share of needs in common; ties go to the
   newer, then by id.
6. Memory may reorder the options of a question about a system or a permission, and put one earlier
   permission in front where the words are nearly the same. It hides no option, changes no other
   question and answers none.
7. Only a case in which something was given, or a person's correction, advises. An option stands
   where its nearest case puts it: a thousand copies of a case weigh what one does.
8. Where resolving with and without memory differs in permission, beneficiary or window, a person
   decides.

INVARIANT (memory advises): nothing here returns a need that will be granted. What a case says comes
from ids that were checked when it closed and are checked against the catalog again; words of a case
are compared, never read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from govagents.domain.catalog import Catalog, Sensitivity
from govagents.domain.identity import Identity, Person
from govagents.domain.ids import PermissionId
from govagents.domain.precedent import Precedent
from govagents.domain.question import About, Option, Question
from govagents.domain.request import Need, Status, Understanding
from govagents.domain.rules import Eligibility
from govagents.domain.text import Span

_Case = tuple[Precedent, int]

# Measured with lexical-hash on 238 requests: one task in other words lies at 25 (median), two
# different tasks never above 53. So from 60 on the words are nearly the same; 30 is a hint at most.
_SIMILAR, _NEAR = 30, 60
_LIFT = 4  # equal needs raise a case by 25 hundredths
_GIVEN = frozenset({Status.ACTIVE.value, Status.EXPIRING.value, Status.EXPIRED.value})
_MARK = "(answer in an earlier case)"


@dataclass(frozen=True)
class Viewpoint:
    """Who looks, when, at which catalog. `limit` is a sensitivity rank; -1 sees nothing."""

    now: datetime
    catalog: Catalog
    limit: int

    @classmethod
    def of(
        cls, reader: Identity | None, eligibility: Eligibility, *, catalog: Catalog, now: datetime
    ) -> "Viewpoint":
        """What `reader` may see: a person by clearance, anything else by its ceiling (3)."""
        if reader is None:
            return cls(now, catalog, -1)
        if reader.person is not None:
            return cls(now, catalog, _cleared(reader.person, eligibility))
        limit = reader.nonhuman.ceiling.max_sensitivity.rank if reader.nonhuman else -1
        return cls(now, catalog, limit)


def missing_provenance(precedent: Precedent) -> tuple[str, ...]:
    """The fields that would have to say where `precedent` comes from, and do not (4)."""
    required = {
        "request": bool(precedent.request),
        "kind": bool(precedent.kind),
        "ending": bool(precedent.ending),
        "catalog": bool(precedent.catalog),
        "source": bool(precedent.source),
        "entry": precedent.entry >= 0,
        "text_digest": bool(precedent.text_digest),
    }
    return tuple(name for name, present in required.items() if not present)


def ranked(
    cases: Iterable[_Case], view: Viewpoint, needs: frozenset[PermissionId]
) -> tuple[_Case, ...]:
    """The cases that count and are similar, best first; the number stays the words' similarity."""
    seen = [case for case in cases if case[1] >= _SIMILAR and _counts(case[0], view)]
    return tuple(sorted(seen, key=lambda case: _rank(case, needs)))


def advised(question: Question | None, cases: Sequence[_Case], catalog: Catalog) -> Question | None:
    """`question` with its options in the order earlier answers suggest (6), (7)."""
    if question is None or question.about not in {About.PERMISSION, About.SYSTEM}:
        return question
    nearest: dict[str, int] = {}
    for precedent, similarity in cases:
        for permission in precedent.needs if _advises(precedent) else ():
            known_as = catalog.permissions.get(permission)
            for name in (permission, known_as.system if known_as else ""):
                nearest[name] = max(similarity, nearest.get(name, 0))
    known = sorted(question.options, key=lambda option: -nearest.get(option.id, 0))
    if question.about is About.SYSTEM:
        return replace(question, options=tuple(known))
    return replace(question, options=(*_earlier_answer(known, cases, catalog), *known))


def aided(understanding: Understanding, cases: Sequence[_Case]) -> Understanding:
    """`understanding` as the nearest case of nearly the same words would have it; to compare only.

    A near case that agrees settles it. Precedents hold no window and name nobody who asks, so these
    two stay as they are.
    """
    near = [case for case in cases if case[1] >= _NEAR and _advises(case[0]) and case[0].needs]
    ours = _permissions(understanding)
    if not near or any(frozenset(case.needs) == ours for case, _ in near):
        return understanding
    precedent, similarity = near[0]
    needs = tuple(Need(item, similarity, Span(0, 0)) for item in sorted(precedent.needs))
    return replace(understanding, needs=needs)


def unaided(understanding: Understanding, asked: Question | None) -> Understanding:
    """`understanding` without what could be chosen only because memory had put it into `asked`."""
    options = asked.options if asked is not None else ()
    added = {option.id for option in options if option.label.endswith(_MARK)}
    kept = tuple(need for need in understanding.needs if need.permission not in added)
    return replace(understanding, needs=kept)


def disagreement(without: Understanding, with_memory: Understanding) -> tuple[About, ...]:
    """What the two differ in; anything at all means that a person decides (8)."""
    differs = {
        About.PERMISSION: _permissions(without) != _permissions(with_memory),
        About.BENEFICIARY: without.beneficiary != with_memory.beneficiary,
        About.WINDOW: without.window != with_memory.window,
    }
    return tuple(about for about, differ in differs.items() if differ)


def _cleared(person: Person, eligibility: Eligibility) -> int:
    if person.status == "leaver":
        return -1
    for sensitivity in Sensitivity:
        required = eligibility.clearance.get(sensitivity)
        if required is None or person.clearance < required:
            return sensitivity.rank - 1
    return Sensitivity.RESTRICTED.rank


def _counts(precedent: Precedent, view: Viewpoint) -> bool:
    held = view.catalog.permissions
    alive = precedent.at <= view.now < precedent.expires  # (1)
    known = precedent.catalog == view.catalog.digest or all(
        item in held for item in precedent.needs
    )
    today = [held[item].sensitivity.rank for item in precedent.needs if item in held]
    # SECURITY: without this line a search shows a reader what others did with data above him. (3)
    readable = max([precedent.sensitivity, *today]) <= view.limit
    return alive and known and readable and not missing_provenance(precedent)  # (2) (4)


def _rank(case: _Case, needs: frozenset[PermissionId]) -> tuple[int, float, str, int]:
    precedent, similarity = case
    theirs = frozenset(precedent.needs)
    union = len(needs | theirs)
    shared = 100 * len(needs & theirs) // union if union else 0
    newest = -precedent.at.timestamp()
    return (-(similarity + shared // _LIFT), newest, precedent.request, precedent.entry)  # (5)


def _advises(precedent: Precedent) -> bool:
    return precedent.ending in _GIVEN or precedent.kind == "correction"


def _earlier_answer(
    known: Sequence[Option], cases: Sequence[_Case], catalog: Catalog
) -> tuple[Option, ...]:
    near = [case for case, similarity in cases if similarity >= _NEAR and _advises(case)]
    if not near:
        return ()
    answers = sorted(item for item in near[0].needs if item in catalog.permissions)
    offered = {option.id for option in known}
    if not answers or offered.intersection(answers):
        return ()
    # The label is the catalog's own text: nothing of a case is ever shown as an instruction.
    description = catalog.permissions[answers[0]].description or answers[0]
    return (Option(answers[0], f"{description} {_MARK}"),)


def _permissions(understanding: Understanding) -> frozenset[PermissionId]:
    return frozenset(need.permission for need in understanding.needs)
