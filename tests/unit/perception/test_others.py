"""Somebody else in need is a question, be it a pronoun, a post or an unknown name (S60)."""

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.question import About, Clarity
from govagents.perception import beneficiary as judged
from govagents.perception import others, resolver
from govagents.perception.beneficiary import beneficiary
from tests.unit.perception.company import WORLD, understand

ADA = WORLD.identities[IdentityId("ada.quill")]
_THINGS = frozenset({"book", "loan", "plate", "dome", "vent", "fine", "rotat", "waiv"})


def _who(text: str) -> tuple[str, ...] | None:
    found = beneficiary(text, ADA, WORLD, knows=_THINGS.__contains__)
    return None if found is None else tuple(found.who)


@pytest.mark.parametrize(
    "text",
    [
        "he needs to see the plates today",
        "She'll need the plates until 16:00",
        "they want read access to the loans",
        "She sits in for me next week, she needs to waive fines.",
        "I have to leave early. He needs the plates until 16:00.",
        "Johannes from the agency needs the plates for 1 day",
        "Pietra must look at the loans, 2h",
        "the new guy needs to rotate the dome",
        "The auditors want to see the fines",
        "a contractor will need the plates",
        "our night shift has to see the vents",
        "my team needs read access to the loans",
        "the shelf robot needs access to the loans",
        "everyone on the desk needs the plates",
        "read access to the plates for the new guy",
        "hook him up with the plates",
        "I need the plates for my team",
        "the plates for us both, please",
        "give both of us the plates",
        "we both need the plates",
        "on behalf of the survey team: the plates",
        "he'd like to rotate the dome",
        "Can my deputy rotate the dome?",
        "Could Pietra see the plates?",
        "my deputy starts tomorrow and will need the plates",
        "whoever is on duty needs to rotate the dome",
        "the plates please, not for me",
        "Somebody asked me to get them access to the plates",
        "I want her to see the plates",
        "the boss wants me to grant the whole team the plates",
        "Would the bot be able to see the plates?",
        "see the plates so that marketing can see them",
        "I need the plates so that marketing can see them",
        "The undersigned wants marketing to see the plates",
        "the new one must see the plates",
        "interns should be able to read the loans",
        "make the plates ready, she'll rotate the dome",
        "waive a fine. Not for my use.",
    ],
)
def test_nobody_is_made_up_when_somebody_without_a_name_is_in_need(text: str) -> None:
    """S60."""
    assert _who(text) == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("zoe and finn both need the plates", ("finn.lund", "zoe.brook")),
        ("Zoé needs the plates and Finn needs the loans", ("finn.lund", "zoe.brook")),
        ("Johannes and Zoé need the plates", ("ada.quill", "zoe.brook")),
        ("let Zoé and me see the plates", ("ada.quill", "zoe.brook")),
        ("Zoé and the new guy need the plates", ("ada.quill", "zoe.brook")),
        ("Zoé and I need the plates", ("ada.quill", "zoe.brook")),
        ("zoe or finn should see the plates", ("finn.lund", "zoe.brook")),
        ("I am Zoé Brook and need the plates", ("ada.quill", "zoe.brook")),
        ("as zoe.brook: the plates", ("ada.quill", "zoe.brook")),
        ("the plates, beneficiary Zoé", ("ada.quill", "zoe.brook")),
        ("Zoé's request: the plates", ("ada.quill", "zoe.brook")),
        ("I need the plates. Zoé needs a print.", ("ada.quill", "zoe.brook")),
    ],
)
def test_one_of_two_is_not_chosen_when_two_are_in_need(text: str, who: tuple[str, ...]) -> None:
    """S60: one request is for one person."""
    assert _who(text) == who


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Zoé asked me to get her the plates for an hour", "zoe.brook"),
        ("Zoé is new here. She wants to look at the plates.", "zoe.brook"),
        ("the plates for zoe, 3h", "zoe.brook"),
        ("it's for zoe: see the plates", "zoe.brook"),
        ("Can my intern rotate the dome?", "finn.lund"),
        ("Can Zoé rotate the dome?", "zoe.brook"),
        ("Finn told me to get him access to the loans", "finn.lund"),
    ],
)
def test_a_pronoun_is_the_person_named_before_when_there_is_one(text: str, who: str) -> None:
    assert _who(text) == (who,)


@pytest.mark.parametrize(
    "text",
    [
        "unlock the accounts for the north desk people",
        "extend the loans for my team, 2h",
        "waive the fine of the new guy",
        "The reader lost his card, he needs a new one, I have to waive a fine",
        "I need the plates because the customer wants an answer",
        "The vents need to be opened",
        "the dome needs a restart",
        "a reader needs to see his loans, I must look at them",
        "could I get the plates, the auditors need evidence",
        "My boss wants me to waive the fines",
        "see the plates, Zoé wants to know where they are",
        "rotate the dome, the board should see it",
        "I must rotate the dome, Zoé should not be bothered",
        "waive the fines, my manager wants numbers",
        "Zoé and I are on duty, I need the plates",
        "a customer must get his book, extend the loan",
        "waive the fines, the boss wants it done today",
        "see the loans of my team for two days",
        "The board asks which books we own and I want to see the loans",
        "need to see the plates",
        "the plates for max 2 hours",
        "Catalogue closing need read access to the loans",
        "The undersigned needs to see the plates",
        "yours truly needs the plates, 2h",
        "I want a key to read the plates",
        "add a job so it can read the plates",
    ],
)
def test_the_speaker_is_meant_when_others_are_only_spoken_of(text: str) -> None:
    """S60: a clear request is no question."""
    assert _who(text) is None


def test_a_question_asks_who_when_a_stranger_is_in_need() -> None:
    """S60."""
    found = understand("the new guy needs to see who has borrowed which book")

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY
    assert found.question.text.startswith("`the new guy` may be somebody other than you")


def test_the_speaker_would_get_it_when_the_look_for_others_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(others, "other", lambda text, knows: None)
    monkeypatch.setattr(judged, "loose", lambda *_: ())
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)

    found = understand("the new guy needs to see who has borrowed which book")

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")


def test_one_of_two_would_get_it_when_the_look_for_pairs_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(judged, "_several", lambda text, given, found: None)

    assert _who("zoe and finn both need the plates") in {("zoe.brook",), ("finn.lund",)}


def test_the_speaker_gets_it_when_the_answer_says_so() -> None:
    """S60."""
    found = understand("the new guy needs to see who has borrowed which book", "for me")

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")
