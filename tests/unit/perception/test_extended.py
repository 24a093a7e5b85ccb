"""More time means what was meant before, until later (S39)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from govagents.domain.ids import GrantId, IdentityId, PermissionId, RequestId
from govagents.domain.observation import Source, Trust
from govagents.domain.question import Clarity
from govagents.domain.request import Extension, Need, Request, Understanding, Window
from govagents.domain.text import Span
from govagents.perception import extended as module
from govagents.perception.extended import extended
from govagents.perception.reader import Reader
from tests.unit.perception.company import NOW

ADA, LATER = IdentityId("ada"), NOW + timedelta(hours=3)
ASKED = Request(RequestId("req_2"), ADA, None, NOW, "digest")
MEANT = Understanding(
    speaker=ADA,
    beneficiary=ADA,
    needs=(Need(PermissionId("shop:orders:read"), 90, Span(0, 4)),),
    window=Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1), floating=True),
    ticket=None,
    purpose=None,
    unread=(Span(5, 9),),
)
MORE = Extension(GrantId("gr_1"), LATER, MEANT)


def test_all_but_the_window_is_as_it_was_meant_when_more_time_is_asked_for() -> None:
    """S39: what nobody understood then is not understood now either."""
    found = extended(ASKED, MORE)

    meant = found.understanding
    assert (found.clarity, found.question) == (Clarity.CLEAR, None)
    assert (meant.needs, meant.beneficiary, meant.unread) == (MEANT.needs, ADA, MEANT.unread)
    assert meant.window == Window(NOW, LATER)


def test_the_end_is_the_speakers_own_statement_when_more_time_is_asked_for() -> None:
    """S39: an option is no reading of words."""
    labels = {each.field: (each.source, each.trust) for each in extended(ASKED, MORE).observed}

    assert labels["window"] == (Source.FLAG, Trust.FACT)
    assert labels["needs"] == (Source.WORDS, Trust.CLAIM)


def test_nobody_reads_when_more_time_is_asked_for() -> None:
    """S39: a model that is asked nothing can neither fail nor add anything."""
    reader = Reader.__new__(Reader)  # without any power: a touch would fail

    assert reader({"request": ASKED, "extension": MORE})["reading"].needs == ()


def test_what_nobody_understood_is_forgotten_when_it_is_not_as_it_was_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/perception/extended.py

    S39 S73: more time would be given unasked where the first giving needed somebody who looks.
    """
    shipped = replace

    def read_anew(what: Understanding, **changes: Any) -> Understanding:  # noqa: ANN401  # passed on
        return (
            shipped(what, **changes, unread=()) if "window" in changes else shipped(what, **changes)
        )

    monkeypatch.setattr(module, "replace", read_anew)

    assert extended(ASKED, MORE).understanding.unread == ()
