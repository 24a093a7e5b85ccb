"""Who decides on what at the demo company, read from its raw files by a reader of its own."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

HALDEN = Path(__file__).parents[2] / "evals" / "worlds" / "halden"
Raw = Mapping[str, object]


class Line(NamedTuple):
    """What approvers.yaml asks for."""

    approvers: list[str]
    quorum: int


class Asked(NamedTuple):
    """One combination of role, kind, window and ticket."""

    role: Raw
    permissions: Sequence[Raw]
    kind: str
    minutes: int
    ticket: tuple[str, str]

    def line(self) -> Line:
        """The first rule that matches."""
        for rule in rules():
            if all(self._matches(name, wanted) for name, wanted in rule["match"].items()):
                return Line(list(rule["approvers"]), int(str(rule["quorum"])))
        pytest.fail("approvers.yaml has a last rule that matches everything")

    def _matches(self, name: str, wanted: object) -> bool:
        several = wanted if isinstance(wanted, list) else [wanted]
        sensitivities = {item["sensitivity"] for item in self.permissions}
        levels = {item["access_level"] for item in self.permissions}
        return {
            "privileged": self.role["privileged"] is wanted,
            "cross_system": (self.role["system"] is None) is wanted,
            "system": self.role["system"] in several,
            "ticket_kind": self.ticket[0] in several,
            "ticket_priority": self.ticket[1] in several,
            "max_hours": isinstance(wanted, int) and self.minutes <= 60 * wanted,
            "beneficiary_kind": self.kind in several,
            "max_sensitivity": {
                "restricted": "restricted" in sensitivities,
                "internal": sensitivities <= {"public", "internal"},
            }.get(str(wanted), False),
            "access_level": (
                bool(levels - {"read", "list"}) if wanted == "write" else levels <= set(several)
            ),
        }[name]


@cache
def rules() -> list[dict[str, dict[str, object]]]:
    found: list[dict[str, dict[str, object]]] = yaml.safe_load(
        (HALDEN / "approvers.yaml").read_text()
    )["rules"]
    return found


def records(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (HALDEN / name).read_text().splitlines()]
