"""Whether the records of a world fit each other.

Rules:
1. Who or what a record names must be there, and be what the record takes it for.
2. A role of one system holds permissions of that system alone, since it is granted there and
   nowhere else; a bundle (`system` null) may hold any.
3. Chains of managers and of parents end: whoever follows them upwards arrives.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from govagents.adapters.world.company import Company
from govagents.adapters.world.parse import Path_
from govagents.adapters.world.problems import near

SEATS = frozenset(
    {"role-owner", "system-owner", "manager", "agent-owner", "identity-owner", "on-call"}
)


class Misfit(NamedTuple):
    """What is wrong, in which field of which record."""

    kind: str
    id: str
    where: Path_
    problem: str


class _Mention(NamedTuple):
    kind: str
    id: str
    where: Path_
    name: str | None
    wanted: str


def misfits(company: Company) -> Iterator[Misfit]:
    """Every misfit, file by file."""
    pools = _pools(company)
    for mention in (*_of_things(company), *_of_rules(company)):
        pool = pools[mention.wanted]
        if mention.name is not None and mention.name not in pool:  # (1)
            problem = (
                f"names an unknown {mention.wanted} `{mention.name}`{near(mention.name, pool)}"
            )
            yield Misfit(mention.kind, mention.id, mention.where, problem)
    yield from _strays(company)
    yield from _loops("manager", {one.id: one.manager for one in company.people.values()})
    yield from _loops("parent", {one.id: one.parent for one in company.nonhumans.values()})


def _pools(company: Company) -> Mapping[str, frozenset[str]]:
    people = frozenset(company.people)
    agents = {name for name, one in company.nonhumans.items() if one.kind == "agent"}
    prohibited = company.eligibility.prohibited if company.eligibility else ()
    return {
        "system": frozenset(company.systems),
        "permission": frozenset(company.permissions),
        "role": frozenset(company.roles),
        "person": people,
        "identity": people | frozenset(company.nonhumans),
        "agent": frozenset(agents),
        "approver": people | SEATS,
        "prohibition": frozenset(one.id for one in prohibited),
    }


def _of_things(company: Company) -> Iterator[_Mention]:
    for system in company.systems.values():
        yield _Mention("system", system.id, ("owner",), system.owner, "person")
    for permission in company.permissions.values():
        yield _Mention("permission", permission.id, ("system",), permission.system, "system")
    for role in company.roles.values():
        yield _Mention("role", role.id, ("system",), role.system, "system")
        yield _Mention("role", role.id, ("owner",), role.owner, "person")
        yield from _each("role", role.id, ("permissions",), role.permissions, "permission")
    for person in company.people.values():
        yield _Mention("identity", person.id, ("manager",), person.manager, "person")
    for other in company.nonhumans.values():
        yield _Mention("identity", other.id, ("owner",), other.owner, "person")
        yield _Mention("identity", other.id, ("sponsor",), other.sponsor, "person")
        yield _Mention("identity", other.id, ("parent",), other.parent, "agent")
        where = ("ceiling", "systems")
        yield from _each("identity", other.id, where, other.ceiling.systems, "system")
    for key, assignment in company.assignments.items():
        yield _Mention("assignment", key, ("identity",), assignment.identity, "identity")
        yield _Mention("assignment", key, ("role",), assignment.role, "role")
    for ticket in company.tickets.values():
        yield _Mention("ticket", ticket.id, ("assignee",), ticket.assignee, "identity")
        yield _Mention("ticket", ticket.id, ("system",), ticket.system, "system")


def _of_rules(company: Company) -> Iterator[_Mention]:
    for rule in company.separation.values():
        wanted = "role" if rule.kind == "role-role" else "permission"
        yield from _each("separation", rule.id, ("a",), rule.a, wanted)
        yield from _each("separation", rule.id, ("b",), rule.b, wanted)
        yield _Mention("separation", rule.id, ("owner",), rule.owner, "person")
    for name in company.trust:
        yield _Mention("trust", name, (), name, "identity")
    for name in company.warnings.cues:
        yield _Mention("rules", "warnings", ("cues", name), name, "prohibition")
    for name in company.phrases:
        yield _Mention("phrases", name, (), name, "permission")
    yield from _of_eligibility(company)
    yield from _of_approvers(company)
    yield from _of_oncall(company)
    born = company.birthright
    yield from _each("rules", "birthright", ("everyone",), born.everyone, "role")
    for field, posts in (("departments", born.departments), ("titles", born.titles)):
        for post, roles in posts.items():
            yield from _each("rules", "birthright", (field, post), roles, "role")


def _of_eligibility(company: Company) -> Iterator[_Mention]:
    if company.eligibility is None:
        return
    bound = company.eligibility.department_bound
    for name in bound:
        yield _Mention("rules", "eligibility", ("department_bound", name), name, "permission")
    for place, item in enumerate(company.eligibility.prohibited):
        where = ("prohibited", place, "permissions")
        yield from _each("rules", "eligibility", where, item.permissions, "permission")


def _of_approvers(company: Company) -> Iterator[_Mention]:
    rules = company.approvers
    for place, rule in enumerate(rules.rules):
        where: Path_ = ("rules", place)
        yield from _each("rules", "approvers", (*where, "approvers"), rule.approvers, "approver")
        named = rule.match.system
        systems = (named,) if isinstance(named, str) else named or ()
        yield from _each("rules", "approvers", (*where, "match", "system"), systems, "system")
    for place, delegate in enumerate(rules.delegates):
        where = ("delegates", place)
        yield _Mention("rules", "approvers", (*where, "of"), delegate.of, "person")
        yield _Mention("rules", "approvers", (*where, "to"), delegate.to, "person")
        yield from _each("rules", "approvers", (*where, "systems"), delegate.systems, "system")
        yield from _each("rules", "approvers", (*where, "except"), delegate.excluded, "role")
    for place, away in enumerate(rules.out_of_office):
        where = ("out_of_office", place)
        yield _Mention("rules", "approvers", (*where, "person"), away.person, "person")
        yield _Mention("rules", "approvers", (*where, "stand_in"), away.stand_in, "person")
    yield from _each("rules", "approvers", ("last_resort",), rules.last_resort, "person")


def _of_oncall(company: Company) -> Iterator[_Mention]:
    for place, rotation in enumerate(company.oncall.rotations):
        where: Path_ = ("rotations", place)
        yield from _each("rules", "oncall", (*where, "systems"), rotation.systems, "system")
        for turn, shift in enumerate(rotation.shifts):
            spot = (*where, "shifts", turn, "person")
            yield _Mention("rules", "oncall", spot, shift.person, "person")


def _each(
    kind: str, name: str, where: Path_, mentioned: Sequence[str], wanted: str
) -> Iterator[_Mention]:
    for place, item in enumerate(mentioned):
        yield _Mention(kind, name, (*where, place), item, wanted)


def _strays(company: Company) -> Iterator[Misfit]:
    """(2)."""
    for role in company.roles.values():
        for place, item in enumerate(role.permissions):
            permission = company.permissions.get(item)
            if role.system and permission and permission.system != role.system:
                problem = f"`{item}` is of `{permission.system}`, but the role of `{role.system}`"
                yield Misfit("role", role.id, ("permissions", place), problem)


def _loops(field: str, above: Mapping[str, str | None]) -> Iterator[Misfit]:
    """(3) One misfit for each who stands on a loop."""
    for start in above:
        seen = {start}
        name = above.get(start)
        while name is not None and name not in seen:
            seen.add(name)
            name = above.get(name)
        if name == start:
            yield Misfit(
                "identity", start, (field,), f"leads back to `{start}`: let it end somewhere"
            )
