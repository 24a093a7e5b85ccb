import pytest

from govagents.domain.ids import IdentityId
from govagents.perception.beneficiary import beneficiary
from govagents.perception.mentions import mentions
from tests.unit.perception.company import WORLD

ADA = WORLD.identities[IdentityId("ada.quill")]


def _who(text: str) -> tuple[str, ...] | None:
    found = beneficiary(text, ADA, WORLD)
    return None if found is None else tuple(found.who)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("zoe needs to see the plates", "zoe.brook"),
        ("Zoé must rotate the dome", "zoe.brook"),
        ("On behalf of Zoé Brook, who asked me: the plates", "zoe.brook"),
        ("Zoé is alone tonight, let her see the plates", "zoe.brook"),
        ("Our intern shall learn lending. He may see who borrowed what.", "finn.lund"),
        ("Max from the beds has to open the vents", "max.sommer"),
        ("Max on my desk should extend loans", "max.winter"),
        ("Winter, Max I mean, should extend loans", "max.winter"),
        ("please let agent-shelf look up books", "agent-shelf"),
    ],
)
def test_somebody_is_the_beneficiary_when_the_words_give_it_to_them(text: str, who: str) -> None:
    assert _who(text) == (who,)


@pytest.mark.parametrize(
    "text",
    [
        "Zoé asked me to rotate the dome",
        "I want to leave a note in Zoé's plates",
        "I need to extend the loan for Zoé",
        "Zoé has a new key, I'd send her the plates",
        "A reader says he needs his book, I want to look it up",
    ],
)
def test_the_speaker_is_meant_when_somebody_is_only_named(text: str) -> None:
    assert _who(text) is None


def test_two_fit_when_only_a_shared_name_is_said() -> None:
    assert _who("Can Max get to see the loans?") == ("max.sommer", "max.winter")


def test_a_leaver_is_passed_over_when_somebody_else_fits() -> None:
    assert [item.who for item in mentions("Otto Gone", ADA, WORLD)] == [("otto.gone",)]


@pytest.mark.parametrize("text", ["Let Petra see the loans", "give my colleague the plates"])
def test_nobody_fits_when_the_directory_does_not_know_them(text: str) -> None:
    assert _who(text) == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("sort Zoé out with access to the plates", ("zoe.brook",)),
        ("sort Max out with access to the loans", ("max.sommer", "max.winter")),
        ("I want Zoé to see the plates", ("zoe.brook",)),
        ("get Zoé access to the plates", ("zoe.brook",)),
        ("set zoe up with the plates", ("zoe.brook",)),
        ("see the books for the agent agent-shelf", ("agent-shelf",)),
        ("I need to see the books for agent-shelf", ("ada.quill", "agent-shelf")),
        ("let Zoé and Finn see the loans", ("finn.lund", "zoe.brook")),
        ("see the loans for Bob Nobody", ()),
        ("sort Petra out with access to the loans", ()),
        ("let bob nobody see the loans", ()),
        ("see the loans for agent-nowhere", ()),
        ("see the loans for bob.nobody", ()),
        ("give him access to the loans", ()),
    ],
)
def test_it_is_never_the_speaker_alone_when_another_is_to_get_it(
    text: str, who: tuple[str, ...]
) -> None:
    """S60: unknown and ambiguous are questions."""
    assert _who(text) == who


@pytest.mark.parametrize(
    "text",
    ["let me see the loans", "see the loans for Town Library", "access to the plates for Monday"],
)
def test_the_speaker_is_meant_when_no_person_follows_the_giving(text: str) -> None:
    assert _who(text) is None
