"""Of several people with one name the words beside it choose, never those of the need (S60)."""

from dataclasses import replace

import pytest

from govagents.domain.ids import IdentityId
from govagents.domain.question import About, Clarity, Resolution
from govagents.perception import mentions, narrowing, resolver
from govagents.perception.resolver import Resolver
from govagents.perception.words import words
from tests.unit.perception.company import PEOPLE, WORLD, Ports, read, request_of, understand

_WATERED = "see when each bed was watered, 2h"
_HALVES = replace(PEOPLE[3], id=IdentityId("ann-lena.berg"), name="Ann-Lena Berg")


@pytest.mark.parametrize(
    ("who", "meant"),
    [
        ("Max from the garden", "max.sommer"),
        ("Max from the beds team", "max.sommer"),
        ("Max (garden)", "max.sommer"),
        ("Max, our gardener,", "max.sommer"),
        ("Max, the library clerk,", "max.winter"),
        ("Max in lending", "max.winter"),
        ("Max on my desk", "max.winter"),
        ("Garden Max", "max.sommer"),
        ("our gardener Max", "max.sommer"),
    ],
)
def test_one_of_a_name_is_meant_when_the_words_beside_it_say_so(who: str, meant: str) -> None:
    """S60."""
    found = understand(f"{who} needs to {_WATERED}")

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, meant)


_IN_THE_NEED = [
    "Max should see when beds were watered, 2h",
    "Max needs to see when garden beds were watered, 2h",
    "let Max look when each of the beds was watered, 2h",
    "let Max at the beds watering overview, see when each bed was watered, 2h",
]


@pytest.mark.parametrize("text", _IN_THE_NEED)
def test_who_is_asked_when_only_the_need_says_a_department(text: str) -> None:
    """S60: whose department it is does not say that it is theirs to see."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY


def test_one_of_a_name_would_get_it_when_words_anywhere_choose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(
        narrowing,
        "_after",
        lambda after, names: set(names) <= {word.folded for word in words(after)},
    )

    found = understand(_IN_THE_NEED[0])

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "max.sommer")


def _of_halves(text: str) -> Resolution:
    company = replace(WORLD, identities={**WORLD.identities, _HALVES.id: _HALVES})
    ports = Ports([text], company=company)
    resolver = Resolver(ports, ports, ports, ports, ports)
    return resolver({"request": request_of("ada.quill"), "reading": read(ports)})["resolution"]


@pytest.mark.parametrize("who", ["Annlena", "Ann-Lena", "Ann Lena", "annlena"])
def test_who_is_asked_when_a_known_first_name_does_it(who: str) -> None:
    """S60: a name of two halves is one name, however it is written."""
    found = _of_halves(f"{who} views photographic plates, 2h")

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY
    assert [option.id for option in found.question.options] == ["ada.quill", "ann-lena.berg"]


def test_the_speaker_would_get_it_when_halves_are_not_joined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped line prevents."""
    monkeypatch.setattr(
        mentions, "_single", lambda name: tuple(name.casefold().replace("-", " ").split())
    )
    monkeypatch.setattr(resolver, "unread_subject", lambda case, understood: None)

    found = _of_halves("Annlena views photographic plates, 2h")

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "ada.quill")
