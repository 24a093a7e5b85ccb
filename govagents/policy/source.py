"""Policy files as read: each policy with its id, its annotations and its named clauses.

Rules, each a reason to decide nothing on these files:
1. A file parses.
2. There is at least one policy.
3. Every policy has an `@id`, unique over all files.
4. No templates.
5. What Cedar's validator says against the schema holds.
6. `@quorum` is a number from 1.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.domain.canonical import Plain, digest
from govagents.policy import cedar
from govagents.policy.finding import Finding, Severity
from govagents.policy.schema import schema_text

_ID = re.compile(r'@id\(\s*"((?:[^"\\]|\\.)*)"\s*\)')


@dataclass(frozen=True)
class PolicyFile:
    """One file of the operator's folder."""

    name: str
    text: str


class Clause(NamedTuple):
    """One `when` or `unless` in Cedar's JSON form, with its name from `@guards` (empty: none)."""

    name: str
    kind: str
    body: Plain


@dataclass(frozen=True)
class Policy:
    """One policy. `rule` is Cedar's JSON form of it."""

    id: str
    file: str
    line: int | None
    rule: Mapping[str, Plain]

    @property
    def permits(self) -> bool:
        """Whether it is a `permit`."""
        return self.rule["effect"] == "permit"

    def annotation(self, name: str) -> str:
        """The annotation's text, empty where there is none."""
        notes = self.rule.get("annotations")
        value = notes.get(name) if isinstance(notes, dict) else None
        return value if isinstance(value, str) else ""

    def listed(self, name: str) -> tuple[str, ...]:
        """The annotation as a comma list."""
        items = (item.strip() for item in self.annotation(name).split(","))
        return tuple(item for item in items if item)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Its conditions in order; a name without a clause, or a clause without one, is lint's."""
        names = self.listed("guards")
        return tuple(
            Clause(names[place] if place < len(names) else "", str(item["kind"]), item["body"])
            for place, item in enumerate(self.conditions)
        )

    @property
    def conditions(self) -> list[dict[str, Plain]]:
        """Its conditions as Cedar has them."""
        found = self.rule.get("conditions")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


@dataclass(frozen=True)
class Reading:
    """All files together. With any problem nothing may be decided on `policies`."""

    policies: tuple[Policy, ...]
    problems: tuple[Finding, ...]


def read(files: Sequence[PolicyFile]) -> Reading:
    """The policies of all files in order of file name; never raises."""
    found = [item for file in sorted(files, key=lambda file: file.name) for item in _of(file)]
    policies = [item for item in found if isinstance(item, Policy)]
    problems = [item for item in found if isinstance(item, Finding)]
    if not policies and not problems:  # (2)
        text = "no policy in this folder: everything is denied; add a file ending in .cedar"
        problems.append(Finding(Severity.ERROR, "policies", None, "", text))
    problems.extend(_duplicates(policies))
    return Reading(tuple(policies), tuple(problems))


def policy_digest(files: Sequence[PolicyFile]) -> str:
    """Names these policies and the schema they are read with, whatever order they come in."""
    texts = sorted([file.name, file.text] for file in files)
    return digest([texts, schema_text()])


def _of(file: PolicyFile) -> Iterator[Policy | Finding]:
    try:
        rules = cedar.parsed(file.text)
        complaints = cedar.invalid(file.text)
    except ValueError as error:  # (1)
        text = f"does not parse: {error}"
        yield Finding(Severity.ERROR, file.name, _error_line(file.text), "", text)
        return
    places = sorted(rules, key=lambda key: int(key.removeprefix("policy")))
    policies = [_policy(file, rules[place]) for place in places]
    yield from policies
    for complaint in complaints:  # (5)
        at = complaint.position
        named = policies[at] if at is not None and at < len(policies) else None
        line, name = (named.line, named.id) if isinstance(named, Policy) else (None, "")
        yield Finding(Severity.ERROR, file.name, line, name, complaint.text)


def _policy(file: PolicyFile, rule: Plain) -> Policy | Finding:
    if not isinstance(rule, dict):  # (4)
        text = "templates are not read: write the principal and the role out"
        return Finding(Severity.ERROR, file.name, None, "", text)
    unnamed = Policy("", file.name, None, rule)
    name = unnamed.annotation("id")
    if not name:  # (3)
        text = 'a policy has no id: put `@id("...")` above it'
        return Finding(Severity.ERROR, file.name, None, "", text)
    policy = Policy(name, file.name, _line_of(file.text, name), rule)
    quorum = policy.annotation("quorum")
    if quorum and not (quorum.isdecimal() and int(quorum) > 0):  # (6)
        text = f"quorum `{quorum}` is not a number from 1"
        return Finding(Severity.ERROR, file.name, policy.line, name, text)
    return policy


def _duplicates(policies: Sequence[Policy]) -> Iterator[Finding]:
    first: dict[str, Policy] = {}
    for policy in policies:
        other = first.setdefault(policy.id, policy)
        if other is not policy:  # (3)
            text = f"this id is already taken in {other.file}: every policy needs its own"
            yield Finding(Severity.ERROR, policy.file, policy.line, policy.id, text)


def _line_of(text: str, name: str) -> int | None:
    for match in _ID.finditer(text):
        if match.group(1) == name:
            return text.count("\n", 0, match.start()) + 1
    return None


def _error_line(text: str) -> int | None:
    """The line of the first policy that does not parse by itself, found by growing the text."""
    ends = [match.end() for match in re.finditer(r";[ \t]*(?=\n|$)", text)]
    start = 0
    for end in ends:
        try:
            cedar.parsed(text[start:end])
        except ValueError:
            lead = len(text[start:end]) - len(text[start:end].lstrip())
            return text.count("\n", 0, start + lead) + 1
        start = end
    return text.count("\n", 0, start) + 1 if text[start:].strip() else None
