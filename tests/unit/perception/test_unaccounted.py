"""Whoever is named and not accounted for is asked about, or keeps a person in the loop (S60)."""

import re
from types import ModuleType

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.question import About, Clarity
from govagents.perception import beneficiary as judged
from govagents.perception import others, resolver, strangers, unaccounted
from govagents.perception.beneficiary import beneficiary
from tests.unit.perception.company import WORLD, understand

ADA = WORLD.identities[IdentityId("ada.quill")]
_THINGS = frozenset({"book", "loan", "plat", "dome", "vent", "fine", "waiv"})


def _asks(text: str) -> bool:
    found = beneficiary(text, ADA, WORLD, knows=_THINGS.__contains__)
    return found is not None and len(found.who) != 1


def _left(*said: str, asked_for: str | None = None) -> list[str]:
    spans = understand(*said, asked_for=asked_for).understanding.unaccounted
    return [said[span.part][span.start : span.end] for span in spans]


_NAMED = [
    "See the plates for 2h. Not me, Zoé.",
    "See the plates for 2h, not me",
    "See the plates 2h, also Zoé",
    "See the plates 2h cc zoe.brook",
    "See the plates 2h. Signed, Zoé",
    "See the plates 2h (on Zoé's account)",
    "make sure that Zoé can see the plates for 2h",
    "make sure she can see the plates for 2h",
    "make sure that my colleague can see the plates for 2h",
    "See the plates 2h. Beneficiary: the night shift",
    "See the plates for 2h, asking for a friend",
    "See the plates for 2h like last time for her",
    "Enable reading of plates for our temp for 2h",
    "My successor: see the plates, 2h",
    "Please give Zoé's replacement read access to plates for 2h",
    "kindly permit the undersigned's deputy to see the plates",
    "Provide Mr. Tanaka from the partner with read access to the plates",
    "give kim read access to the plates for 2h",
    "Share the plates with marketing for 2h, read only",
    "my wife needs a look at the plates for 2h",
    "Zoé: see the plates, 2h",
    "kim: see the plates, 2h",
    "Jan Kowalski: see the plates, 2h",
    "our auditors: see the plates, 2h",
    "From: Zoé\nsee the plates, 2h",
    "Zoé wrote: see the plates, 2h",
    "See the plates for 2h, zoé",
    "See the plates for 2h. Regards, Zoé",
    "See the plates for 2h\n\nThanks\nZoé",
    "See the plates for 2h, requested by Zoé",
    "See the plates for 2h - Zoé Brook will take it from there",
    "See the plates for 2h instead of Zoé",
    "the plates for 2h, he is blocked",
    "the plates for 2h, my colleague is waiting",
    "the intern sees the plates for 2h",
    "Unblock Zoé: the plates for 2h",
    "it would help Zoé a lot to see the plates",
    "since Zoé is ill: see the plates, 2h",
    "Zoé ought to be reading the plates",
    "rotate the dome, Zoé should not be bothered",
    "I'd like the plates for Zoé",
    "I am Zoé Brook and I need the plates",
    "This is Zoé, I need the plates",
    "I need the loans for agent-shelf",
    "I'm writing for Zoé: see the plates",
    "I request the plates in Zoé's name",
    "I need the plates, 2h. Zoé will read them",
    "I need the plates and Zoé is going to read them",
    "I'd make the plates available to marketing",
    "the plates, to be read by the night crew",
    "@finn see the plates, 2h",
    "@jan see the plates, 2h",
    "we all want the plates",
    "this is not about me: see the plates",
    "bob needs the plates for 2h",
    "fyi bob would like the plates for 2h",
    "user jquill needs the plates, 2h",
    "login j.quill gets the plates, 2h",
    "the captain wants the plates, 2h",
    "marketing needs the plates, 2h",
    "asking for jan: see the plates, 2h",
    "get jan into the plates, 2h",
    "jan and me: see the plates, 2h",
    "Somebody else needs the plates, 2h",
    "Sent on behalf of: Zoé. I need the plates, 2h",
    "Everyone in the dome: see the plates, 2h",
    "anybody on call - see the plates, 2h",
    "all of us: see the plates, 2h",
    "the whole night shift: see the plates, 2h",
    "requesting on someone's behalf: see the plates, 2h",
    "on Zoé's behalf I need the plates, 2h",
    "on behalf of the crew, I need the plates, 2h",
    "I need the plates, 2h.\nBest regards\nZoé Brook",
    "I need the plates, 2h. Kind regards, Zoé Brook, astronomer",
    "I need the plates, 2h\n\nZoé",
    "I need the plates, 2h - Zoé Brook",
]


@pytest.mark.parametrize("text", _NAMED)
def test_the_beneficiary_is_asked_about_when_somebody_is_plainly_named(text: str) -> None:
    """S60."""
    assert _asks(text)


_ACCOUNTED = [
    "See the plates for 2h",
    "Give me read access to the plates, Zoé asked me to look",
    "Zoé told me to see the plates for 2h",
    "see the plates as agreed with Zoé, 2h",
    "see the plates, approved by Zoé, 2h",
    "see the plates, 2h, Zoé agreed",
    "waive a fine and tell Zoé about it",
    "My boss wants me to waive the fines",
    "Share the plates with me for 2h",
    "give full read access to the plates for 2h",
    "unlock the account of a reader, he forgot his password, 1h",
    "beneficiary: me, see the plates",
    "Hi Zoé, see the plates, 2h",
    "Dear support, see the plates, 2h. Thanks all",
    "Hello team, see the plates, 2h",
    "See the plates for 2h. Regards, Ada",
    "See the plates for 2h\n\nThanks\nAda Quill",
    "See the plates and print them, 2h",
    "See the loans of max 2 books",
    "see the plates as the Plate Reader",
    "Request: see the plates, 2h",
    "Subject: plates\nsee the plates, 2h",
    "Hi Zoé, I need the plates, 2h. Regards, Ada",
    "I need the plates, 2h.\nThanks\nAda Quill",
    "the dome needs a repair: see the plates, 2h",
    "id like the plates, 2h",
    "I request the plates on my own behalf, 2h",
    "See the plates for 2h. Zoé pointed me to it",
    "the undersigned needs the plates",
    "see the plates for half a day",
    "see the plates for sky-api, 2h",
]


@pytest.mark.parametrize("text", _ACCOUNTED)
def test_nobody_is_left_when_everybody_is_accounted_for(text: str) -> None:
    """S60: a clear request is no question."""
    assert not _asks(text)
    assert [word for word in _left(text) if word != "a reader"] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I need to see the photographic plates, Zoé is ill", ["Zoé"]),
        ("I reset Zoé's token, view photographic plates", ["Zoé"]),
        ("view photographic plates for them", ["them"]),
        ("view photographic plates with the team", ["the team"]),
        ("view photographic plates, everyone is waiting", ["everyone"]),
        ("I view photographic plates with marketing", ["marketing"]),
        ("I view photographic plates with Magdalena", ["Magdalena"]),
        ("Magdalena views the photographic plates", ["Magdalena"]),
        ("view photographic plates, the customer waits", ["the customer"]),
        ("jan needs to view photographic plates", ["jan"]),
        ("IT needs photographic plates", ["IT"]),
        ("the board has asked for photographic plates", ["board"]),
        ("I'd need you to give jan photographic plates", ["jan"]),
        ("view photographic plates, jan@tower.example", ["jan@tower.example"]),
        ("er braucht photographic plates", ["er"]),
        ("photographic plates for lucia", ["lucia"]),
        ("photographic plates for dev crew", ["dev", "crew"]),
        ("temp worker in hall 3 has to see photographic plates", ["worker"]),
        ("photographic plates are needed by the pentester", ["pentester"]),
        ("our captain is waiting, view photographic plates", ["captain"]),
        ("I need the photographic plates because she is out", ["she"]),
        ("I need photographic plates, bob needs them", ["bob"]),
        ("view photographic plates, 2h. Thanks Zoé", ["Zoé"]),
        ("the backfill must run, view photographic plates", ["backfill"]),
        ("unblock Zoé, I view photographic plates", ["Zoé"]),
    ],
)
def test_a_place_is_left_when_it_names_somebody_and_nothing_explains_it(
    text: str, left: list[str]
) -> None:
    """S60: a person sees the words where nobody would be asked otherwise."""
    assert _left(text) == left


def test_a_person_alone_decides_when_only_part_of_the_words_is_for_another() -> None:
    """S60: whoever the words settle is accounted for, and "she" with them; others are not."""
    assert _left("Zoé must view photographic plates, she starts today") == []
    assert _left("Zoé helps Finn, let her view photographic plates") == ["Finn"]
    assert _left("Zoé has lost the sky survey, she'll view photographic plates") == []


@pytest.mark.parametrize("answer", ["for me", "zoe.brook", "1"])
def test_everybody_is_accounted_for_when_the_question_who_was_answered(answer: str) -> None:
    """S60."""
    found = understand("view photographic plates for 2h, also Zoé", answer)

    assert found.clarity is Clarity.CLEAR
    assert found.understanding.unaccounted == ()


def test_somebody_is_left_when_an_answer_about_something_else_names_them() -> None:
    """S60."""
    assert _left("waive an overdue fine for a while", "2h, for Zoé") == ["Zoé"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Finn needs to view photographic plates", {"ada.quill", "finn.lund", "zoe.brook"}),
        ("Ada needs to view photographic plates", {"ada.quill", "zoe.brook"}),
        ("Magdalena needs to view photographic plates", {"ada.quill", "zoe.brook"}),
    ],
)
def test_who_is_asked_when_the_flag_and_the_words_name_two(text: str, who: set[str]) -> None:
    """S60: neither is dropped in silence; the answer settles it."""
    found = understand(text, asked_for="zoe.brook")

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY
    assert {option.id for option in found.question.options} == who
    settled = understand(text, "zoe.brook", asked_for="zoe.brook")
    assert (settled.clarity, settled.understanding.unaccounted) == (Clarity.CLEAR, ())


@pytest.mark.parametrize(
    "text",
    [
        "Zoé needs to view photographic plates",
        "she needs to view photographic plates",
        "my deputy needs to view photographic plates",
        "I need to view photographic plates",
    ],
)
def test_the_flag_says_who_when_the_words_name_nobody_else(text: str) -> None:
    """S60."""
    found = understand(text, asked_for="zoe.brook").understanding

    assert (found.beneficiary, found.unaccounted) == ("zoe.brook", ())


def test_the_speaker_would_be_given_it_when_the_look_for_places_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped lines prevent."""
    text = "since Zoé is ill: view photographic plates, 2h"
    monkeypatch.setattr(judged, "loose", lambda *_: ())

    found = understand(text)

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")
    assert found.understanding.unaccounted == ()


_NONE = re.compile(r"(?!)")


@pytest.mark.parametrize(
    ("text", "module", "line", "without"),
    [
        ("view photographic plates, bob needs them", strangers, "_WANTS", _NONE),
        ("everyone in the dome: view photographic plates", unaccounted, "_HEADED", _NONE),
        ("on someone's behalf: view photographic plates", others, "_BEHALF", _NONE),
        ("I need to view photographic plates.\nRegards\nZoé", judged, "_signed", lambda *_: False),
    ],
)
def test_the_speaker_would_be_given_it_when_the_rule_is_taken_away(
    text: str, module: ModuleType, line: str, without: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S60: what each shipped line prevents; with it, who is asked."""
    asked = understand(text)
    monkeypatch.setattr(module, line, without)
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)
    monkeypatch.setattr(resolver, "unsure", lambda case, understood: False)
    given = understand(text)

    assert asked.question is not None
    assert asked.question.about is About.BENEFICIARY
    assert (given.clarity, given.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")


def test_the_flag_would_silence_the_words_when_the_look_at_both_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(resolver, "wished_for", lambda *_, **__: None)

    found = understand("Finn needs to view photographic plates", asked_for="zoe.brook")

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "zoe.brook")
