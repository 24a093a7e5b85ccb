"""Two approvers answer at the same moment, both in a hurry. One decision may come of it (S64)."""

import threading

from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.errors import GovAgentsError
from govagents.testing.company import Company
from govagents.wiring import open_app

REVIEW = "I found odd rounding in Viktor's change and want to leave remarks on it, for two days."


def test_two_answers_at_once_yield_one_decision(company: Company) -> None:
    """One says yes, the other no, each in a store opened for itself, as two processes would."""
    asked = company.ask("linh.tran", REVIEW)
    assert asked.decision is not None
    approvers = asked.decision.approvers
    assert len(approvers) == 2
    apps = [open_app(company.home) for _ in approvers]
    together = threading.Barrier(len(approvers))
    outcomes: list[str] = []

    def answer(place: int) -> None:
        together.wait()
        try:
            apps[place].runner.decide(
                asked.request.id, IdentityId(approvers[place]), consent=place == 0, reason=""
            )
            outcomes.append("answered")
        except GovAgentsError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=answer, args=(place,)) for place in range(len(approvers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with company.app.records.begin() as tx:
        answers = tx.answers.of(asked.request.id)
    after = company.view(asked.request.id)
    assert outcomes.count("answered") == 1
    assert len(answers) == 1
    assert after.status is (Status.ACTIVE if answers[0].consent else Status.DENIED)
    assert len(company.grants()) == int(answers[0].consent)
