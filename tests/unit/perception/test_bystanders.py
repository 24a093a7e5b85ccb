"""Somebody beside a request who may be the one in need is asked about (S60)."""

import pytest

from govagents.domain.ids import IdentityId
from govagents.perception import mentions
from govagents.perception.mentions import beneficiary
from tests.unit.perception.company import WORLD

ADA = WORLD.identities[IdentityId("ada.quill")]
_THINGS = frozenset({"book", "loan", "plate", "dome", "vent", "fine"})


def _asks(text: str) -> bool:
    found = beneficiary(text, ADA, WORLD, knows=_THINGS.__contains__)
    return found is not None and len(found.who) != 1


_BESIDE = [
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
]


@pytest.mark.parametrize("text", _BESIDE)
def test_the_beneficiary_is_asked_about_when_somebody_stands_beside_the_request(text: str) -> None:
    """S60."""
    assert _asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "See the plates for 2h",
        "I reset Zoé's token, see the plates",
        "Give me read access to the plates, Zoé asked me to look",
        "Share the plates with me for 2h",
        "give full read access to the plates for 2h",
        "unlock the account of a reader, he forgot his password, 1h",
        "beneficiary: me, see the plates",
    ],
)
def test_the_speaker_is_meant_when_others_are_only_spoken_of(text: str) -> None:
    """S60."""
    assert beneficiary(text, ADA, WORLD, knows=_THINGS.__contains__) is None


def test_the_speaker_would_be_given_it_when_the_look_beside_is_taken_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S60: what the shipped lines prevent."""
    monkeypatch.setattr(mentions, "standing", lambda before, after: not (before or after))
    monkeypatch.setattr(mentions, "bystander", lambda text, knows: None)

    assert not _asks("See the plates 2h, also Zoé")
    assert not _asks("make sure she can see the plates for 2h")
