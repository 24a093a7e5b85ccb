"""Where the demo company asks nobody: only if nothing is in doubt (S40, S44)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.facts import ContextFacts
from govagents.domain.request import Window
from govagents.domain.text import Span
from govagents.policy.engine import decision_point
from govagents.policy.ordinary import proposal_of, sheet_of
from govagents.policy.source import PolicyFile
from tests.contract.halden_cases import (
    READER,
    case,
    decide,
    eligible,
    facts_of,
    files,
    kinds_of_role,
    point,
    roles,
    said,
)
from tests.contract.halden_lines import Asked, Line, rules


def in_doubt(context: ContextFacts, *, accounted: bool = True, proved: bool = True) -> ContextFacts:
    return replace(context, accounted=accounted, proved=proved)


@pytest.mark.parametrize(
    "doubt", [{"accounted": False}, {"proved": False}, {"accounted": False, "proved": False}]
)
def test_a_person_is_asked_where_the_file_asks_nobody_when_a_fact_is_in_doubt(
    doubt: Mapping[str, bool],
) -> None:
    """S40 S44: never given at once, never denied for it; every other line asks as before."""
    last = Line(list(rules()[-1]["approvers"]), 1)
    for name, minutes, kind in product(kinds_of_role(), (60, 1441), ("person", "agent", "service")):
        asked = Asked(*roles()[name], kind, minutes, ("", ""))
        facts = eligible(asked)
        facts = replace(facts, context=in_doubt(facts.context, **doubt))

        assert said(decide(facts)) == (asked.line() if asked.line().quorum else last), name


@pytest.mark.parametrize("fact", ["accounted", "proved"])
def test_access_is_given_in_doubt_without_the_shipped_clause(fact: str) -> None:
    """The harm: nobody looks."""
    clause = f"when {{ context.{fact} }}\n"
    bare = [PolicyFile(file.name, file.text.replace(clause, "")) for file in files("*.cedar")]
    bare = [replace(file, text=file.text.replace("everybody accounted for, ", "")) for file in bare]
    found = decision_point(bare)
    sheet = sheet_of(replace(READER, context=in_doubt(READER.context, **{fact: False})))

    assert found.decide(sheet, proposal_of(sheet)).verdict is Verdict.PERMIT


def test_a_person_is_asked_when_the_words_name_somebody_who_is_not_accounted_for() -> None:
    """S40: the fact is gathered from what was understood."""
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    window = Window(at, at + timedelta(hours=1))
    about = case(["ad-lane-statistics-reader"], "daniel.osei", "daniel.osei", window)
    named = replace(about, understanding=replace(about.understanding, unaccounted=(Span(3, 12),)))

    given, asked = (point().decide(facts_of(each, at), each.proposal) for each in (about, named))

    assert given.verdict is Verdict.PERMIT
    assert asked.verdict is Verdict.ASK
    assert "robert.achterberg" in asked.approvers
    assert [reason.policy for reason in asked.reasons] == [
        "doubtful-internal-reading",
        "everything-else",
    ]
