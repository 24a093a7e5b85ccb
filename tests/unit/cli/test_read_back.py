"""What `grant show` and `who-has` print of a target that cannot be read (S60)."""

from typing import cast

import pytest

from govagents.action.expiry import Expiry
from govagents.domain.grant import Change, Grant
from govagents.domain.ids import RequestId
from govagents.entrypoints.cli import grant_text
from govagents.entrypoints.cli.output import Toned
from tests.unit.adapters.stores import grant


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


class Failing:
    """The one thing that is asked of an expiry here."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def look(self, _: Grant) -> tuple[Change, ...]:
        raise self.error


def said(error: Exception) -> str:
    shown = grant_text.read_back(grant(RequestId("req_aaaaaa")), cast(Expiry, Failing(error)))
    assert isinstance(shown, Toned)
    return str(shown.text)


def test_no_credential_is_printed_when_a_target_cannot_be_read() -> None:
    """S60: on one line, and nothing that a terminal would obey."""
    words = said(RuntimeError("boom\n\x1b[31m http://u:pa55@x/"))

    assert words == "cannot be read: boom \\u001b[31m http://…@x/"


@pytest.mark.parametrize("error", [UnspeakableError(), RuntimeError()])
def test_it_is_said_that_it_cannot_be_read_when_the_error_has_no_words(error: Exception) -> None:
    """S60."""
    assert said(error).startswith("cannot be read: ")
    assert len(said(error)) > len("cannot be read: ")


def test_the_credential_would_be_printed_when_the_words_were_kept_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The defence taken away."""
    monkeypatch.setattr(grant_text, "harmless", str)

    assert "pa55" in said(RuntimeError("http://u:pa55@x/"))
