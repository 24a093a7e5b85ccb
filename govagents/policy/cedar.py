"""Cedar itself: the only place that calls it, and the place that makes its errors count.

INVARIANT (undecided means no): Cedar skips a policy whose evaluation errs, a `forbid` too, so its
bare decision may allow what a broken prohibition would have stopped. `Outcome.allowed` is
therefore false whenever anything erred.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import cedarpy

from govagents.domain.canonical import Plain
from govagents.policy.schema import Action, Slice, schema_text

_DEPTH = 124
"""How deep a policy's JSON form may be for Cedar to read it back; about 60 conditions in a row."""
_READ_ONCE = 256
"""Texts of policies that are not parsed a second time by one process."""
TOO_DEEP = "too many conditions in a row: write it as several policies, or as one `contains`"


class Invalid(NamedTuple):
    """One thing Cedar's validator has against the policy at `position` (from 0) of a text."""

    position: int | None
    text: str


@dataclass(frozen=True)
class Outcome:
    """One evaluation. `policies` decided it, sorted: permits if allowed, forbids if one fired."""

    satisfied: bool
    policies: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Cedar allows, names the permit that did, and nothing erred."""
        # SECURITY: without `not self.errors` a forbid that cannot be evaluated does not forbid.
        return self.satisfied and not self.errors and bool(self.policies)


class Rules:
    """Policies by id, parsed once and reused."""

    def __init__(self, rules: Mapping[str, Plain]) -> None:
        """`rules` are policies in Cedar's JSON form.

        Raises:
            ValueError: one of them is not.
        """
        document = {"templates": {}, "staticPolicies": dict(rules), "templateLinks": []}
        self._policies = cedarpy.PolicySet.from_json_str(json.dumps(document))
        self._schema = _schema(schema_text())

    def evaluate(self, facts: Slice, action: Action) -> Outcome:
        """One decision; whatever keeps Cedar from deciding is an error in the outcome."""
        request: dict[str, object] = {
            "principal": dict(facts.principal),
            "action": {"type": "Action", "id": action.value},
            "resource": dict(facts.resource),
            "context": dict(facts.context),
        }
        try:
            entities = cedarpy.Entities.from_json_str(facts.entities, self._schema)
            result = cedarpy.is_authorized(request, self._policies, entities, self._schema)
        except (ValueError, TypeError, OverflowError) as error:
            return Outcome(satisfied=False, policies=(), errors=(str(error),))
        return Outcome(
            satisfied=result.decision is cedarpy.Decision.Allow,
            policies=tuple(sorted(result.diagnostics.reasons)),
            errors=tuple(sorted(result.diagnostics.errors)),
        )


def parsed(text: str) -> Mapping[str, Plain]:
    """The text's policies in Cedar's JSON form, by position; a template comes as None.

    Raises:
        ValueError: it does not parse.
    """
    try:
        document: dict[str, dict[str, Plain]] = json.loads(_as_json(text))
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error
    templates = dict.fromkeys(document["templates"])
    return {**document["staticPolicies"], **templates}


def invalid(text: str) -> tuple[Invalid, ...]:
    """What does not fit the schema: unknown attributes, wrong types, unknown actions."""
    return _validated(text, schema_text())


def too_deep(rule: Mapping[str, Plain]) -> bool:
    """Whether Cedar would not read back this policy, see _DEPTH."""
    level: list[Plain] = [dict(rule)]
    for _ in range(_DEPTH):
        level = [part for each in level for part in _parts(each)]
    return bool(level)


@lru_cache(maxsize=_READ_ONCE)
def _as_json(text: str) -> str:
    return cedarpy.policies_to_json_str(text)


@lru_cache(maxsize=_READ_ONCE)
def _validated(text: str, schema: str) -> tuple[Invalid, ...]:
    result = cedarpy.validate_policies(text, schema)
    return tuple(Invalid(_position(error.policy_id), error.error) for error in result.errors)


@lru_cache(maxsize=2)
def _schema(text: str) -> cedarpy.Schema:
    return cedarpy.Schema.from_str(text)


def _parts(value: Plain) -> list[Plain]:
    """What of it nests further."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [part for part in inner if isinstance(part, dict | list)]


def _position(policy_id: str) -> int | None:
    digits = policy_id.removeprefix("policy")
    return int(digits) if digits.isdecimal() else None
