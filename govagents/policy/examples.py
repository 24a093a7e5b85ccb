"""Examples beside the policies: facts, and what must come of them. They are the policies' tests.

A file is YAML with `bases` (a mapping: name to `{base, facts}`) and `examples` (a list of
`{name, base, facts, expect}`), all four optional but `expect`:

    - {name: read at ten, base: reader, facts: {context.start_hour: 10}, expect: {verdict: permit}}

Facts are written as policies write them; what neither base nor example says is `ordinary.ORDINARY`.
Bases hold over all files and may build on each other by `base`. `expect` may name `verdict`,
`approvers` (kinds of seat), `quorum`, `reasons` (ids of policies, all of them), `guards` and
`obligations`; what it leaves out is not compared.

Rules:
1. Whatever does not fit this form fails, with the reason; nothing is skipped.
2. An example that expects nothing fails: it would pass under any policy.
3. An example is judged by the decision point that judges requests.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar, get_type_hints

import yaml

from govagents.domain.decision import Decision, Verdict
from govagents.domain.facts import ContextFacts, RoleFacts, SubjectFacts
from govagents.domain.identity import Kind
from govagents.errors import InputError
from govagents.policy.engine import CedarDecisionPoint, Refusing
from govagents.policy.ordinary import ORDINARY, Facts, proposal_of, sheet_of
from govagents.policy.source import PolicyFile, Unread

_FORM: Mapping[str, frozenset[str]] = {
    "file": frozenset({"bases", "examples"}),
    "base": frozenset({"base", "facts"}),
    "example": frozenset({"name", "base", "facts", "expect"}),
    "expect": frozenset({"verdict", "approvers", "quorum", "reasons", "guards", "obligations"}),
}
_Group = TypeVar("_Group", SubjectFacts, RoleFacts, ContextFacts)


@dataclass(frozen=True)
class ExampleResult:
    """One row of `policy test`. Without problems it passed."""

    file: str
    name: str
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the decision was as expected."""
        return not self.problems


@dataclass(frozen=True)
class _Document:
    file: str
    bases: Mapping[str, object]
    examples: Sequence[object]


def run_examples(
    point: CedarDecisionPoint | Refusing, files: Sequence[PolicyFile | Unread]
) -> tuple[ExampleResult, ...]:
    """Every example of every file, in order, judged; never raises."""
    documents, results = [], []
    for file in sorted(files, key=lambda file: file.name):
        try:
            documents.append(_document(file))
        except InputError as error:  # (1)
            results.append(ExampleResult(file.name, "", (str(error),)))
    bases = {name: base for document in documents for name, base in document.bases.items()}
    for document in documents:
        results.extend(_run(point, document, bases))
    return tuple(results)


def _run(
    point: CedarDecisionPoint | Refusing, document: _Document, bases: Mapping[str, object]
) -> Iterator[ExampleResult]:
    for place, raw in enumerate(document.examples):
        name = f"example {place + 1}"
        try:
            example = _mapping(raw, "example")
            name = str(example.get("name", name))
            facts = _with(_based(example, bases), example.get("facts"))
            expected = _mapping(example.get("expect"), "expect")
            sheet = sheet_of(facts, point.panels)
            decision = point.decide(sheet, proposal_of(sheet))  # (3)
            problems = tuple(_differences(expected, decision))
        except InputError as error:
            problems = (str(error),)
        yield ExampleResult(document.file, name, problems)


def _document(file: PolicyFile | Unread) -> _Document:
    if isinstance(file, Unread):
        raise InputError(file.why)
    try:
        loaded: object = yaml.safe_load(file.text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = f"is not YAML: {' '.join(str(error).split())}"
        raise InputError(message) from error
    whole = _mapping(loaded, "file")
    bases, examples = whole.get("bases", {}), whole.get("examples", [])
    if not isinstance(bases, dict) or not isinstance(examples, list):
        message = "`bases` is a mapping and `examples` a list: see the head of examples.py"
        raise InputError(message)
    return _Document(file.name, bases, examples)


def _based(entry: Mapping[str, object], bases: Mapping[str, object]) -> Facts:
    """The facts an entry builds on, the farthest base first."""
    chain: list[str] = []
    current = entry.get("base")
    while current is not None:
        name = str(current)
        if name not in bases or name in chain:
            message = f"there is no base `{name}`, or it builds on itself"
            raise InputError(message)
        chain.append(name)
        current = _mapping(bases[name], "base").get("base")
    facts = ORDINARY
    for name in reversed(chain):
        facts = _with(facts, _mapping(bases[name], "base").get("facts"))
    return facts


def _with(facts: Facts, changes: object) -> Facts:
    if changes is None:
        return facts
    if not isinstance(changes, dict):
        message = "`facts` is a mapping such as {context.minutes: 60}"
        raise InputError(message)
    groups: dict[str, dict[str, object]] = {"principal": {}, "resource": {}, "context": {}}
    for place, value in changes.items():
        variable, _, name = str(place).partition(".")
        if variable not in groups:
            message = f"`{place}` is no fact: it begins with principal, resource or context"
            raise InputError(message)
        groups[variable][name] = value
    return Facts(
        _changed(facts.principal, groups["principal"]),
        _changed(facts.resource, groups["resource"]),
        _changed(facts.context, groups["context"]),
    )


def _changed(group: _Group, changes: Mapping[str, object]) -> _Group:
    hints = get_type_hints(type(group))
    for name, value in changes.items():
        if name not in hints:
            message = f"`{name}` is no fact: the schema lists them"
            raise InputError(message)
        kind = getattr(hints[name], "__supertype__", hints[name])
        typed = _typed(name, value, kind)
        group = replace(group, **{name: typed})  # type: ignore[arg-type]  # just checked by name
    return group


def _typed(name: str, value: object, kind: object) -> object:
    if kind == frozenset[str] and isinstance(value, list):
        return frozenset(str(item) for item in value)
    if kind is Kind and isinstance(value, str) and value in set(Kind):
        return Kind(value)
    if isinstance(value, bool | int | str) and type(value) is kind:
        return value
    message = f"`{name}` cannot be `{value}`: another type is wanted"
    raise InputError(message)


def _differences(expected: Mapping[str, object], decision: Decision) -> Iterator[str]:
    if not expected:  # (2)
        yield "expects nothing: say at least the verdict"
    if str(expected.get("verdict", decision.verdict)) not in set(Verdict):
        yield f"`{expected['verdict']}` is no verdict"
    seats = [seat.kind for consent in decision.consents for seat in consent.seats]
    found: Mapping[str, object] = {
        "verdict": decision.verdict.value,
        "approvers": sorted(set(seats)),
        "quorum": max((consent.quorum for consent in decision.consents), default=0),
        "reasons": sorted({reason.policy for reason in decision.reasons}),
        "guards": sorted({guard for reason in decision.reasons for guard in reason.guards}),
        "obligations": sorted(decision.obligations),
    }
    for name, wanted in expected.items():
        if _comparable(wanted) != found[name]:
            said = "; ".join(reason.text for reason in decision.reasons)
            yield f"{name}: expected {wanted}, got {found[name]} ({said})"


def _comparable(wanted: object) -> object:
    return sorted(str(item) for item in wanted) if isinstance(wanted, list) else wanted


def _mapping(value: object, form: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        message = f"{form} must be a mapping with {', '.join(sorted(_FORM[form]))}"
        raise InputError(message)
    unknown = sorted(str(key) for key in value if key not in _FORM[form])
    if unknown:
        message = f"{form} has `{unknown[0]}`, which is none of {', '.join(sorted(_FORM[form]))}"
        raise InputError(message)
    return value
