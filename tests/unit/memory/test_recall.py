"""What recall writes: cases the reader may see, the question as asked, whether a person decides."""

from dataclasses import replace

import pytest

from govagents.domain.ids import RequestId
from govagents.domain.precedent import Precedent, Recalled
from govagents.domain.question import About
from govagents.errors import GovAgentsError, PowerWithheldError, StateError
from govagents.memory import Recall
from govagents.memory.recall import Reminded, Resolved
from tests.unit.memory.cases import (
    AGENT,
    ASKED,
    DUMP,
    READ,
    WRITE,
    Company,
    Failing,
    Ledger,
    Remembering,
    clear,
    precedent,
    request,
    unclear,
    understanding,
)

WORDS = Ledger(texts={RequestId("req_new"): ASKED})
NEAR = (precedent("req_old", WRITE), 90)


def recall(state: Resolved, *cases: tuple[Precedent, int]) -> Reminded:
    company = Company()
    return Recall(Remembering(cases), WORDS, company, company, company)(state)


def test_cases_are_recalled_when_their_words_are_near() -> None:
    """S19."""
    found = recall({"request": request(), "resolution": clear(WRITE)}, NEAR)

    assert found["recalled"] == Recalled((NEAR,), "by hand")
    assert found["question"] is None
    assert not found["disagreement"]


def test_recall_says_so_when_nothing_is_similar() -> None:
    found = recall({"request": request(), "resolution": clear(READ)}, (precedent(), 10))

    assert found["recalled"] == Recalled((), "by hand", "no similar closed case")


def test_a_case_is_not_shown_when_its_reader_may_not_see_it() -> None:
    """S19."""
    state: Resolved = {"request": request(AGENT), "resolution": unclear(READ)}

    found = recall(state, (precedent("req_old", DUMP), 90))

    assert found["recalled"].cases == ()
    assert found["question"] == unclear(READ).question


def test_the_question_differs_and_the_resolution_does_not_when_there_is_a_precedent() -> None:
    state: Resolved = {"request": request(), "resolution": unclear(READ)}

    without, found = recall(state), recall(state, NEAR)

    assert without["question"] == unclear(READ).question
    assert found["question"] is not None
    assert [option.id for option in found["question"].options] == [WRITE, READ]
    assert not found["disagreement"]


def test_a_person_decides_when_a_near_case_meant_something_else() -> None:
    """S21."""
    assert recall({"request": request(), "resolution": clear(READ)}, NEAR)["disagreement"]


def test_a_person_decides_when_the_speaker_took_what_memory_had_offered() -> None:
    first = recall({"request": request(), "resolution": unclear(READ)}, NEAR)

    second = recall(
        {
            "request": request(),
            "resolution": clear(WRITE),
            "question": first["question"],
            "disagreement": first["disagreement"],
        },
        NEAR,
    )

    assert second["disagreement"]


def test_a_disagreement_stays_when_another_question_follows() -> None:
    first = recall({"request": request(), "resolution": unclear(READ)}, NEAR)
    asks_more = replace(unclear(about=About.WINDOW), understanding=understanding(WRITE))
    state: Resolved = {
        "request": request(),
        "resolution": asks_more,
        "question": first["question"],
    }
    second = recall(state, NEAR)

    third = recall(
        {
            "request": request(),
            "resolution": clear(WRITE),
            "question": second["question"],
            "disagreement": second["disagreement"],
        },
        NEAR,
    )

    assert second["disagreement"]
    assert third["disagreement"]


@pytest.mark.parametrize(
    "error", [PowerWithheldError("librarian", "memory"), StateError("the store is busy")]
)
def test_recall_is_empty_and_says_so_when_memory_is_not_there(error: GovAgentsError) -> None:
    company = Company()
    node = Recall(Failing(error), WORDS, company, company, company)

    found = node({"request": request(), "resolution": unclear(READ)})

    assert found["recalled"] == Recalled((), "none", f"memory recalls nothing: {error}")
    assert found["question"] == unclear(READ).question
    assert not found["disagreement"]
