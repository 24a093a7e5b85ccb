"""What is handed back is not asked for anew, and a question with a wish behind it is one (S84)."""

import pytest

from govagents.domain.question import Clarity
from govagents.perception import wished
from govagents.perception.handed_back import handed_back
from govagents.perception.idle import only_wonders
from tests.unit.perception.company import understand

ROTATE = "rotate the dome of the telescope"


@pytest.mark.parametrize(
    "text",
    [
        "take away my plates export, I'm done",
        "take away my loan extension",
        "you can take back my dome rotation",
        "please have my vents control revoked",
        "take the dome rotation away from me",
        "take the plates export off my account",
        "strip me of the dome rotation",
        "take me off the irrigation cycles",
        "I'd like to give up my fines waiving",
        "giving the dome rotation back",
        "I can give my plates export back",
        "you can have the plates export back",
        "my dome rotation can go",
        "my plates export can be revoked now",
        "I don't use the roof vents any more",
        "irrigation cycle by hand: done, please revoke",
        "remove my plates export, the job is done",
        "end my dome rotation, no longer needed",
        "drop my fines waiving. I don't need it any more",
        "turn off my dome rotation, all finished",
        "my plates export can be removed, the work is over",
        "have my plates export removed, I'm finished",
        "take away Max's plates export",
    ],
)
def test_nothing_is_given_when_something_is_handed_back(text: str) -> None:
    """S84."""
    found = understand(text)

    assert (found.clarity, found.understanding.needs) == (Clarity.UNCLEAR, ())
    assert found.question is not None
    assert "giving it back" in found.question.text


@pytest.mark.parametrize(
    "text",
    [
        f"take away my plates export, I need to {ROTATE}",
        f"I want to get my dome rotation back, {ROTATE}",
        f"remove my overdue fine: {ROTATE}",
        f"{ROTATE}, then I'm done",
        f"{ROTATE} back",
        f"the plates were given back, {ROTATE}",
        f"give the reader a book back and {ROTATE}",
        f"{ROTATE} so that my loan can be closed",
        f"{ROTATE}: the work must be finished by six",
    ],
)
def test_a_request_stays_one_when_words_of_handing_back_only_stand_near(text: str) -> None:
    """S84: a clear request is no question."""
    needs = understand(text).understanding.needs

    assert "observatory:dome:rotate" in {need.permission for need in needs}


def test_it_would_be_given_anew_when_the_look_for_handing_back_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    assert list(handed_back("take away my plates export"))
    monkeypatch.setattr(wished, "handed_back", lambda text: iter(()))

    found = understand("take away my plates export, photographic plates in bulk")

    assert [need.permission for need in found.understanding.needs] == ["observatory:plates:export"]


@pytest.mark.parametrize(
    "text",
    [
        f"who's at the telescope right now - want to {ROTATE}, 8h",
        f"who has the dome, I need to {ROTATE}",
        f"what is up there - {ROTATE}, 2h",
        f"how far round is it? want to {ROTATE}",
        f"who has the dome, can I {ROTATE}",
        f"which way does it point - gotta {ROTATE}",
        f"where does it point: I'd like to {ROTATE}",
        f"why does nobody turn it, please let me {ROTATE}",
        f"what's in the sky (I want to {ROTATE})",
        f"who turned it last -- may I {ROTATE}",
    ],
)
def test_a_wish_is_read_when_it_follows_a_question(text: str) -> None:
    """S84."""
    found = understand(text)

    assert [need.permission for need in found.understanding.needs] == ["observatory:dome:rotate"]


@pytest.mark.parametrize(
    "text",
    [
        f"who may {ROTATE} - just curious",
        f"who may {ROTATE}, please",
        f"who may {ROTATE} - thanks",
        f"who may {ROTATE}, and what do I need for it?",
        f"what do I need to {ROTATE}",
        f"how do I get to {ROTATE}",
        f"why can't I {ROTATE}, and what do I want for it",
    ],
)
def test_a_question_stays_one_when_no_wish_follows_it(text: str) -> None:
    """S84."""
    assert only_wonders(text)
    assert understand(text).understanding.needs == ()
