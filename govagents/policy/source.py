"""Policy files as read: each policy with its id, its annotations and its named clauses.

Rules, each a reason to decide nothing on these files:
1. A file parses.
2. There is at least one policy.
3. Every policy has an `@id`, unique over all files.
4. No templates.
5. What Cedar's validator says against the schema holds.
6. `@quorum` is a number from 1 to 99.
7. Every annotation is a known one: a misspelt one would silently not protect.
8. Whatever looks like a policy file could be read as one: a `forbid` nobody reads forbids nothing.
9. No file, and no policy, is beyond what Cedar can read (`bounds`).
10. Conditions are written with the operators of `expression` alone, over literals, sets of literals
   and attributes of principal, resource and context: so nothing can be missing, overflow, or read
   an entity that is not there.
11. The scope names types, single roles and actions: no groups.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.domain.canonical import Plain, digest
from govagents.policy import bounds, cedar
from govagents.policy.expression import OPERATORS, forbidden
from govagents.policy.finding import FOLDER, Finding, Severity
from govagents.policy.schema import schema_text

_ANNOTATIONS = ("approver", "guards", "id", "obligation", "quorum", "reason")
"""All there are, and all that is read."""

_QUORUM = re.compile(r"[1-9][0-9]?")
_ID = re.compile(r'@id\(\s*"((?:[^"\\]|\\.)*)"\s*\)')


@dataclass(frozen=True)
class PolicyFile:
    """One file of the operator's folder."""

    name: str
    text: str


@dataclass(frozen=True)
class Unread:
    """Something in the operator's folder that was not read, and why.

    An error looks like a policy file, so that nothing is decided without it; a warning does not.
    """

    name: str
    why: str
    line: int | None = None
    severity: Severity = Severity.ERROR

    def finding(self) -> Finding:
        """The same for `lint`."""
        return Finding(self.severity, self.name, self.line, "", self.why)


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

    @property
    def annotations(self) -> frozenset[str]:
        """The names of all that stand above it."""
        notes = self.rule.get("annotations")
        return frozenset(notes) if isinstance(notes, dict) else frozenset()

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


def read(files: Sequence[PolicyFile | Unread]) -> Reading:
    """The policies of all files in order of file name; never raises."""
    texts = sorted(_texts(files), key=lambda file: file.name)
    too_much = bounds.too_many([len(file.text.encode(errors="replace")) for file in texts])
    if too_much:  # (9)
        return Reading((), (Finding(Severity.ERROR, FOLDER, None, "", too_much),))
    found = [*_unread(files), *(item for file in texts for item in _of(file))]
    policies = [item for item in found if isinstance(item, Policy)]
    problems = [item for item in found if isinstance(item, Finding)]
    if not policies and not problems:  # (2)
        text = "no policy in this folder: everything is denied; add a file ending in .cedar"
        problems.append(Finding(Severity.ERROR, FOLDER, None, "", text))
    problems.extend(_duplicates(policies))
    return Reading(tuple(policies), tuple(problems))


def policy_digest(files: Sequence[PolicyFile | Unread]) -> str:
    """Names these policies and the schema they are read with, whatever order they come in."""
    texts = sorted([file.name, file.text] for file in _texts(files))
    problems = sorted(str(problem) for problem in _unread(files))
    return digest([texts, schema_text(), *([problems] if problems else [])])


def _texts(files: Sequence[PolicyFile | Unread]) -> list[PolicyFile]:
    return [file for file in files if isinstance(file, PolicyFile)]


def _unread(files: Sequence[PolicyFile | Unread]) -> Iterator[Finding]:
    for file in files:  # (8)
        if isinstance(file, Unread) and file.severity is Severity.ERROR:
            yield file.finding()


def _of(file: PolicyFile) -> Iterator[Policy | Finding]:
    too_much = bounds.beyond(file.text)
    if too_much is not None:  # (9)
        yield Finding(Severity.ERROR, file.name, too_much.line, "", too_much.text)
        return
    try:
        rules = cedar.parsed(file.text)
        complaints = cedar.invalid(file.text)
    except ValueError as error:  # (1)
        text = f"does not parse: {error}"
        yield Finding(Severity.ERROR, file.name, _error_line(file.text), "", text)
        return
    places = sorted(rules, key=lambda key: int(key.removeprefix("policy")))
    lines = _lines(file.text)
    policies = [_policy(file, rules[place], lines) for place in places]
    yield from policies
    for complaint in complaints:  # (5)
        at = complaint.position
        named = policies[at] if at is not None and at < len(policies) else None
        line, name = (named.line, named.id) if isinstance(named, Policy) else (None, "")
        yield Finding(Severity.ERROR, file.name, line, name, complaint.text)


def _policy(file: PolicyFile, rule: Plain, lines: Mapping[str, int]) -> Policy | Finding:
    if not isinstance(rule, dict):  # (4)
        text = "templates are not read: write the principal and the role out"
        return Finding(Severity.ERROR, file.name, None, "", text)
    unnamed = Policy("", file.name, None, rule)
    name = unnamed.annotation("id")
    if not name:  # (3)
        text = 'a policy has no id: put `@id("...")` above it'
        return Finding(Severity.ERROR, file.name, None, "", text)
    policy = Policy(name, file.name, lines.get(name), rule)
    wrong = "; ".join(_unusable(policy))
    return Finding(Severity.ERROR, file.name, policy.line, name, wrong) if wrong else policy


def _unusable(policy: Policy) -> Iterator[str]:
    noted = policy.annotations
    quorum = policy.annotation("quorum")
    if "quorum" in noted and not _QUORUM.fullmatch(quorum):  # (6)
        yield f"quorum `{quorum}` is not a number from 1 to 99"
    for unknown in sorted(noted - set(_ANNOTATIONS)):  # (7)
        known = ", ".join(f"@{name}" for name in _ANNOTATIONS)
        yield f"unknown annotation `@{unknown}`, which would do nothing: known are {known}"
    if cedar.too_deep(policy.rule):  # (9)
        yield cedar.TOO_DEEP
        return
    used = [*_other_operators(policy)]
    if used:  # (10)
        yield f"{', '.join(used)}: write it with {OPERATORS} and facts alone"
    for part in ("principal", "resource"):
        if _is_group(policy.rule.get(part)):  # (11)
            yield f"the scope of `{part}` is a group: name a type or one role"


def _other_operators(policy: Policy) -> Iterator[str]:
    for clause in policy.clauses:
        where = f"in `{clause.name}`: " if clause.name else ""
        yield from (f"{where}{text}" for text in forbidden(clause.body))


def _is_group(scope: Plain) -> bool:
    match scope:
        case {"op": "All" | "=="}:
            return False
        case {"op": "is", "entity_type": str(), **rest} if not rest:
            return False
    return True


def _duplicates(policies: Sequence[Policy]) -> Iterator[Finding]:
    first: dict[str, Policy] = {}
    for policy in policies:
        other = first.setdefault(policy.id, policy)
        if other is not policy:  # (3)
            text = f"this id is already taken in {other.file}: every policy needs its own"
            yield Finding(Severity.ERROR, policy.file, policy.line, policy.id, text)


def _lines(text: str) -> dict[str, int]:
    """The line in which each id first stands."""
    found: dict[str, int] = {}
    line, start = 1, 0
    for match in _ID.finditer(text):
        line, start = line + text.count("\n", start, match.start()), match.start()
        found.setdefault(match.group(1), line)
    return found


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
