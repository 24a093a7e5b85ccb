"""How many of the public requests are understood, by perception alone and with a plan.

`share(rows, plan)` counts right outcomes of any `plan(text, speaker, now) -> outcome dict` of the
form of `ask --plan-only --json`. `perceived` is such a plan made of the reader and the resolver; it
cannot deny, so a request that policy denies counts as right when it is understood.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from govagents.adapters.clock import FixedClock
from govagents.adapters.models.local import LocalModel
from govagents.adapters.prompts import FilePrompts
from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId, RequestId, TicketId
from govagents.domain.question import Clarity, Resolution
from govagents.domain.request import Request
from govagents.domain.text import Untrusted
from govagents.domain.world import Ticket, World
from govagents.errors import InputError
from govagents.perception.reader import Reader
from govagents.perception.resolver import Resolver
from tests.bench import halden

Plan = Callable[[str, str, datetime], Mapping[str, Any]]
_ABOUT = {"resource": "permission", "level": "permission", "duration": "window"}


@dataclass
class Ports:
    """Words, catalog, directory and tickets of one company in memory."""

    catalog: Catalog
    company: World
    said: tuple[Untrusted, ...] = ()
    prompts: FilePrompts = field(default_factory=lambda: FilePrompts(halden.ROOT / "prompts"))

    def of(self, request: RequestId) -> tuple[Untrusted, ...]:
        assert request
        return self.said

    def current(self) -> Catalog:
        return self.catalog

    def world(self) -> World:
        return self.company

    def find(self, ticket: TicketId) -> Ticket | None:
        return self.company.tickets.get(ticket)


def perceive(ports: Ports, text: str, speaker: str, now: datetime) -> Resolution:
    ports.said = (Untrusted(text),)
    request = Request(RequestId("r"), IdentityId(speaker), None, now, "")
    reader = Reader(LocalModel(), ports.prompts, ports, ports, ports)
    reading = reader({"request": request})["reading"]
    return Resolver(ports, ports, ports, ports, FixedClock(now))(
        {"request": request, "reading": reading}
    )["resolution"]


def perceived(ports: Ports) -> Plan:
    def plan(text: str, speaker: str, now: datetime) -> Mapping[str, Any]:
        try:
            found = perceive(ports, text, speaker, now)
        except InputError as problem:
            return {"outcome": "error", "problem": str(problem)}
        known = found.understanding
        return {
            "outcome": _outcome(found),
            "understood": {
                "beneficiary": known.beneficiary,
                "needs": [{"permission": need.permission} for need in known.needs],
                "window": known.window and {"start": known.window.start, "end": known.window.end},
                "ticket": known.ticket or next(iter(known.cited), None),
            },
            "question": found.question and {"about": found.question.about.value},
            "warnings": known.warnings,
        }

    return plan


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _outcome(found: Resolution) -> str:
    if found.clarity is Clarity.NO_MATCH:
        return "no_match"
    if found.clarity is Clarity.UNCLEAR:
        return "clarify"
    if found.understanding.warnings:
        return "deny"
    return "narrow" if found.understanding.narrowed else "propose"


def right(row: Mapping[str, Any], got: Mapping[str, Any], *, denies: bool) -> bool:
    expected = row["expected"]
    outcome = expected["outcome"]
    if outcome == "deny" and not denies:
        return got["outcome"] == "deny" or _needs_right(row, got)
    if outcome != got["outcome"]:
        return False
    if outcome in {"propose", "narrow"}:
        return _needs_right(row, got)
    if outcome == "clarify":
        about = _ABOUT.get(expected["clarify_about"], expected["clarify_about"])
        return bool(got["question"]) and got["question"]["about"] == about
    return True


def _needs_right(row: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    expected = row["expected"]
    wanted = expected["needs"] or expected.get("would_need", [])
    named = {need["permission"] for need in (got.get("understood") or {}).get("needs", ())}
    return named in [set(wanted), *map(set, expected["acceptable_needs"])]


def share(rows: list[dict[str, Any]], plan: Plan, *, denies: bool) -> str:
    """One line of figures; every miss before it."""
    counts: Counter[str] = Counter()
    started = time.perf_counter()
    for row in rows:
        now = halden.instant(row["now"])
        assert now is not None
        got = plan(row["text"], row["speaker"], now)
        expected = row["expected"]["outcome"]
        same = expected == got["outcome"] or (
            expected == "deny" and not denies and got["outcome"] in {"propose", "narrow"}
        )
        counts["outcome"] += same
        counts["right"] += right(row, got, denies=denies)
        proposed = got["outcome"] in {"propose", "narrow"}
        counts["proposed"] += proposed
        counts["wrong proposals"] += proposed and not _needs_right(row, got)
        counts["beneficiary"] += (got.get("understood") or {}).get("beneficiary") == row[
            "expected"
        ]["beneficiary"]
        if not right(row, got, denies=denies):
            named = [need["permission"] for need in (got.get("understood") or {}).get("needs", ())]
            _say(f"{row['id']} {expected} got {got['outcome']} {named} {got.get('question')}")
    elapsed = 1000 * (time.perf_counter() - started) / max(len(rows), 1)
    figures = ", ".join(
        f"{name} {counts[name]}" for name in ("outcome", "right", "proposed", "wrong proposals")
    )
    return f"{len(rows)} requests: {figures}, {elapsed:.0f} ms each"


def measure(*, phrases: bool) -> str:
    folder = halden.company()
    settings: dict[str, object] = {"phrases": halden.phrases()} if phrases else {}
    warnings = halden.cues()
    if warnings:
        settings["warnings"] = warnings
    ports = Ports(halden.catalog(folder), halden.world(folder, settings))
    rows = halden.requests(halden.SHARED / "company" / "requests-public.jsonl")
    return share(rows, perceived(ports), denies=False)


@pytest.mark.bench
@pytest.mark.shared
def test_measures_understanding_of_the_public_requests() -> None:
    without, with_phrases = measure(phrases=False), measure(phrases=True)
    _say(f"without phrases: {without}\nwith phrases: {with_phrases}")
    assert "130 requests" in without
    assert "130 requests" in with_phrases


if __name__ == "__main__":
    _say(measure(phrases="--without" not in sys.argv))
