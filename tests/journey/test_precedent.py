"""Memory orders a question and changes no verdict (S19 S20 S21 S22)."""

from govagents.domain.decision import Verdict
from govagents.domain.question import About
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company

CUSTOMER_DATA = "I need access to the customer data for two hours, can you set me up?"
SYSTEM = "crm"


def seen_through(company: Company, speaker: str) -> View:
    """Asks, answers with the system and then with the first option; approved where it must be."""
    view = company.answer(company.ask(speaker, CUSTOMER_DATA), SYSTEM)
    while view.status is Status.NEEDS_INFO:
        view = company.answer(view, "1")
    assert view.decision is not None
    if view.decision.verdict is Verdict.PERMIT:
        return view
    return company.approve(view, view.decision.approvers[0])


def test_the_question_differs_with_a_precedent_and_the_verdict_does_not(company: Company) -> None:
    without = company.plan("priya.nayar", CUSTOMER_DATA)
    closed = seen_through(company, "daniel.osei")
    assert closed.status is Status.ACTIVE

    asked = company.ask("priya.nayar", CUSTOMER_DATA)

    assert without.question is not None
    assert asked.question is not None
    assert asked.question.about is without.question.about is About.SYSTEM
    assert asked.question != without.question
    assert asked.question.options[0].id == SYSTEM
    assert set(asked.question.options) == set(without.question.options)
    assert asked.recalled is not None
    assert asked.recalled.cases[0][0].request == closed.request.id
    assert asked.status is without.status is Status.NEEDS_INFO


def test_an_answer_by_number_means_the_option_as_it_was_shown(company: Company) -> None:
    """S21: the first option after a precedent is not the first without one."""
    seen_through(company, "daniel.osei")
    asked = company.ask("priya.nayar", CUSTOMER_DATA)

    answered = company.answer(asked, "1")

    assert answered.resolution is not None
    needs = [need.permission for need in answered.resolution.understanding.needs]
    offered = [option.id for option in answered.question.options] if answered.question else []
    assert all(name.startswith(f"{SYSTEM}:") for name in (*needs, *offered))


def test_a_closed_case_is_kept_with_its_provenance(company: Company) -> None:
    """S19 S20: by whom, on which entry, until when; and no words."""
    closed = seen_through(company, "daniel.osei")

    with company.app.records.begin() as tx:
        case = next(each for each in tx.precedents() if each.request == closed.request.id)

    assert case.source == "librarian"
    assert case.entry <= closed.entries[-1][0]
    assert case.ending == Status.ACTIVE
    assert closed.proposal is not None
    assert case.needs == closed.proposal.needs
    assert case.expires > case.at
