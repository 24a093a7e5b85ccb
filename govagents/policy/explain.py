"""Why: which policies spoke, and for a default deny, which named guard kept each permit silent.

Rules:
1. Each clause is judged by Cedar, alone, as a one-clause permit of the same scope; nothing here
   evaluates a condition.
2. A permit exists for a role if its scope matches and its clauses about the role alone are true;
   where none does, those whose scope matches are shown with what they ask of the role.
3. Those nearest to allowing come first: fewest false guards, then id.
4. A forbid that fired says its `@reason`, and its `unless` clauses are the guards that were false.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from govagents.domain.canonical import Plain
from govagents.domain.decision import Reason
from govagents.domain.facts import RoleSheet, SubjectFacts
from govagents.domain.ids import RoleId
from govagents.policy.cedar import Rules
from govagents.policy.expression import variables
from govagents.policy.schema import Action, Slice, attributes
from govagents.policy.source import Clause, Policy

PLACE = re.compile(r"\{(principal|resource|context)\.(\w+)\}")
"""A fact named in a `@reason`."""


class Explainer:
    """Built once per policy set; answers per role."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        """Prepares a one-clause permit for every clause of every permit."""
        self._policies = {policy.id: policy for policy in policies}
        self._permits = tuple(policy for policy in policies if policy.permits)
        self._probes = Rules(dict(_probes(self._permits)))

    def spoke(
        self, ids: Sequence[str], subject: SubjectFacts, sheet: RoleSheet
    ) -> tuple[Reason, ...]:
        """The reasons of policies that decided: what they say, and a forbid's false guards."""
        policies = (self._policies[name] for name in ids if name in self._policies)
        return tuple(
            Reason(sheet.role.id, policy.id, _said(policy, subject, sheet), _held_back(policy))
            for policy in policies
        )

    def silent(self, facts: Slice, role: RoleId) -> tuple[Reason, ...]:
        """Why no permit allowed: each one that exists for the role, with its false guards."""
        true = self._true(facts)
        missing = {policy.id: _false(policy, true) for policy in self._meant(true)}
        if not missing:
            return (Reason(role, "", f"no policy gives `{role}` to anybody in this position"),)
        nearest = sorted(missing.items(), key=lambda item: (len(item[1]), item[0]))  # (3)
        return tuple(
            Reason(role, name, f"would allow it, but for: {', '.join(guards)}", guards)
            for name, guards in nearest
        )

    def nearest(self, facts: Slice) -> frozenset[str]:
        """Which permits `silent` names."""
        return frozenset(policy.id for policy in self._meant(self._true(facts)))

    def _meant(self, true: frozenset[str]) -> list[Policy]:
        """(2)."""
        fitting = [policy for policy in self._permits if f"{policy.id}#scope" in true]
        return [policy for policy in fitting if _names_role(policy, true)] or fitting

    def _true(self, facts: Slice) -> frozenset[str]:
        outcomes = [self._probes.evaluate(facts, action) for action in Action]
        return frozenset(name for outcome in outcomes for name in outcome.policies)


def _probes(permits: Sequence[Policy]) -> Iterator[tuple[str, Plain]]:
    for policy in permits:
        bare: dict[str, Plain] = {**policy.rule, "conditions": []}
        yield f"{policy.id}#scope", bare
        for place, condition in enumerate(policy.conditions):
            conditions: list[Plain] = [condition]
            yield f"{policy.id}#{place}", {**bare, "conditions": conditions}  # (1)


def _names_role(policy: Policy, true: frozenset[str]) -> bool:
    return all(
        f"{policy.id}#{place}" in true
        for place, clause in enumerate(policy.clauses)
        if variables(clause.body) == {"resource"}
    )


def _false(policy: Policy, true: frozenset[str]) -> tuple[str, ...]:
    return tuple(
        clause.name or f"condition {place + 1}"
        for place, clause in enumerate(policy.clauses)
        if f"{policy.id}#{place}" not in true
    )


def _held_back(policy: Policy) -> tuple[str, ...]:
    """Rule 4."""
    if policy.permits:
        return ()
    return tuple(clause.name for clause in policy.clauses if _guards(clause))


def _guards(clause: Clause) -> bool:
    return clause.kind == "unless" and bool(clause.name)


def _said(policy: Policy, subject: SubjectFacts, sheet: RoleSheet) -> str:
    facts = {
        "principal": attributes(subject),
        "resource": attributes(sheet.role),
        "context": attributes(sheet.context),
    }
    words = policy.annotation("reason") or ("allows it" if policy.permits else "forbids it")
    return PLACE.sub(lambda place: _shown(facts[place[1]], place[2]), words)


def _shown(facts: Mapping[str, Plain], name: str) -> str:
    value = facts.get(name)
    if isinstance(value, list):
        return ", ".join(f"`{item}`" for item in value) or "nothing"
    return f"`{value}`" if isinstance(value, str) else str(value)
