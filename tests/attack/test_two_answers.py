"""Two approvers answer at the same moment; both are in a hurry. One decision may come of it (S64)."""

import threading

from govagents.domain.decision import Answer
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.errors import GovAgentsError
from govagents.testing.company import Company
from govagents.wiring import open_app


def test_two_answers_at_once_are_contained(company: Company) -> None:
    asked = company.ask("ana.kowalczyk", "Replan the legs of tour 7714 for two hours, please.")
    assert asked.decision is not None
    approvers = asked.decision.approvers
    assert len(approvers) > 1
    apps = [open_app(company.home) for _ in range(2)]
    together, outcomes = threading.Barrier(2), []

    def answer(place: int) -> None:
        together.wait()
        try:
            apps[place].runner.decide(
                asked.request.id,
                IdentityId(approvers[place]),
                consent=place == 0,
                reason="",
            )
            outcomes.append("answered")
        except GovAgentsError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=answer, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with company.app.records.begin() as tx:
        answers: tuple[Answer, ...] = tx.answers.of(asked.request.id)
    after = company.view(asked.request.id)
    assert outcomes.count("answered") == 1
    assert len(answers) == 1
    assert after.status is (Status.ACTIVE if answers[0].consent else Status.DENIED)
    assert len(company.grants()) == int(answers[0].consent)
