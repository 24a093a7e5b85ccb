"""Every field of an understanding says where it came from; what nobody said stays unknown (S10)."""

from datetime import timedelta
from pathlib import Path

import pytest

from govagents.domain.decision import Verdict
from govagents.domain.observation import Source, Trust
from govagents.domain.view import View
from govagents.testing.company import Company
from govagents.wiring import import_world


def sources(view: View) -> dict[str, tuple[Source, Trust]]:
    assert view.resolution is not None
    return {each.field: (each.source, each.trust) for each in view.resolution.observed}


def test_words_are_claims_and_systems_of_record_are_facts(company: Company) -> None:
    """S10."""
    found = sources(company.ask("wei.zhang", "restart rtm gw, INC-4414, 1h"))

    assert found["speaker"] == (Source.AUTHENTICATION, Trust.FACT)
    assert found["beneficiary"] == (Source.AUTHENTICATION, Trust.FACT)
    assert found["needs"] == (Source.WORDS, Trust.CLAIM)
    assert found["window"] == (Source.WORDS, Trust.CLAIM)
    assert found["ticket"] == (Source.TICKETS, Trust.FACT)


def test_what_nobody_said_is_unknown(company: Company) -> None:
    """S10: never a default in the place of a fact."""
    found = sources(company.ask("daniel.osei", "can i see what orders halvard steel has open"))

    assert found["window"] == (Source.UNKNOWN, Trust.UNKNOWN)
    assert found["ticket"] == (Source.UNKNOWN, Trust.UNKNOWN)


def test_a_beneficiary_read_from_the_words_is_a_claim(company: Company) -> None:
    """S10 S71: the speaker and the one who gains are told apart."""
    view = company.ask("bogdan.ionescu", "let chidi see the customs declarations for 2 days")

    assert view.resolution is not None
    assert view.resolution.understanding.beneficiary == "chidi.eze"
    assert sources(view)["beneficiary"] == (Source.WORDS, Trust.CLAIM)


def test_a_beneficiary_given_by_flag_is_the_speakers_own_word(company: Company) -> None:
    view = company.ask("bogdan.ionescu", "see the customs declarations, 2d", asked_for="chidi.eze")

    assert sources(view)["beneficiary"] == (Source.FLAG, Trust.FACT)


def test_each_field_carries_the_time_it_was_learned(company: Company) -> None:
    """S10: two requests an hour apart, each with its own."""
    first = company.ask("wei.zhang", "restart rtm gw, INC-4414, 1h")
    company.pass_time(timedelta(hours=1))
    second = company.ask("daniel.osei", "can i see what orders halvard steel has open")

    assert first.resolution is not None
    assert second.resolution is not None
    assert {each.at for each in first.resolution.observed} == {first.request.at}
    assert {each.at for each in second.resolution.observed} == {second.request.at}
    assert second.request.at - first.request.at == timedelta(hours=1)


def test_what_an_answer_settled_carries_the_time_of_the_answer(company: Company) -> None:
    """S10: what was read again an hour later is no older and no newer than that."""
    asked = company.ask("samuel.adeyemi", "change the dashboard and the alarm")
    assert asked.question is not None
    company.pass_time(timedelta(hours=1))

    answered = company.answer(asked, "1")

    assert answered.resolution is not None
    assert {each.at for each in answered.resolution.observed} == {
        asked.request.at + timedelta(hours=1)
    }


@pytest.mark.parametrize(
    ("ticket", "source", "trust"),
    [("INC-4414", Source.TICKETS, Trust.FACT), ("INC-4402", Source.WORDS, Trust.CLAIM)],
    ids=["open-and-theirs", "not-theirs"],
)
def test_a_ticket_that_is_only_cited_is_a_claim(
    ticket: str, source: Source, trust: Trust, company: Company
) -> None:
    """S10: the ticket system is asked, the words are not believed."""
    view = company.plan("wei.zhang", f"restart rtm gw, {ticket}, 1h")

    assert view.resolution is not None
    assert view.resolution.understanding.cited == (ticket,)
    assert sources(view)["ticket"] == (source, trust)


def test_use_is_unknown_when_the_company_keeps_no_usage_log(
    company: Company, tmp_path: Path
) -> None:
    """S10: never used and not known are told apart."""
    text = "Redrive the tracking dlq, 2h"
    before = company.plan("samuel.adeyemi", text)
    folder = company.with_files({}, tmp_path / "world")
    (folder / "usage.csv.gz").unlink()
    import_world(company.app, folder, apply=True)

    after = company.restarted().plan("samuel.adeyemi", text)

    used = ("used before", "peers use it")
    labels = {each.field: (each.source, each.trust) for each in after.observed}
    assert {labels[each] for each in used} == {(Source.UNKNOWN, Trust.UNKNOWN)}
    assert before.assessment is not None
    assert after.assessment is not None
    assert {before.assessment.dynamic_factors[each] for each in used} <= {"yes", "no"}
    assert [after.assessment.dynamic_factors[each] for each in used] == ["unknown", "unknown"]


def test_the_record_names_the_policies_it_rests_on_also_when_one_is_changed(
    company: Company,
) -> None:
    """S10: policies are a source: the same words, another digest; none usable, and it says so."""
    text = "Redrive the tracking dlq, 2h"
    policies = company.home / "policies"
    found = [company.plan("samuel.adeyemi", text).decision]
    extra = '@id("extra") @reason("no") forbid (principal, action, resource) when { false };'
    (policies / "extra.cedar").write_text(extra, encoding="utf-8")
    found.append(company.restarted().plan("samuel.adeyemi", text).decision)
    for path in policies.glob("*.cedar"):
        path.unlink()
    found.append(company.restarted().plan("samuel.adeyemi", text).decision)

    decided = [each for each in found if each is not None]
    labels = [next(o for o in each.observed if o.field == "policies") for each in decided]
    assert [each.source for each in labels] == [
        Source.POLICIES,
        Source.POLICIES,
        Source.UNKNOWN,
    ]
    assert [each.value for each in labels] == [*(d.policy_digest for d in decided[:2]), None]
    assert [each.verdict for each in decided] == [Verdict.ASK, Verdict.ASK, Verdict.DENY]
    assert len({each.policy_digest for each in decided}) == 3
    assert "polic" in decided[2].reasons[0].text
