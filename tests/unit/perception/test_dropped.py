"""What is asked for beside the need is asked about, and no answer forgets the rest (S84)."""

from typing import Any

import pytest

from govagents.domain.question import Clarity, Resolution
from govagents.perception import dropped as judged
from govagents.perception import gaps, several
from tests.unit.perception.company import Scripted, understand

FINE = "library:fines:waive"
PLATES = "observatory:plates:read"


def _one(permission: str, words: str) -> Scripted:
    need: dict[str, Any] = {"permission": permission, "confidence": 90, "quote": {"words": words}}
    return Scripted({"needs": (need,)})


WAIVES = _one(FINE, "waive an overdue fine")


def _needs(found: Resolution) -> list[str]:
    return [need.permission for need in found.understanding.needs]


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("waive an overdue fine and also photographic plates, 6h", "also photographic plates"),
        ("waive an overdue fine and the roof vents", "the roof vents"),
        ("waive an overdue fine, photographic plates as well", "photographic plates as well"),
        ("waive an overdue fine plus the sky survey, INC-1001", "the sky survey"),
        ("waive an overdue fine & the roof vents", "the roof vents"),
        ("waive an overdue fine + the loans", "the loans"),
        ("waive an overdue fine, the roof vents and the dome", "the roof vents"),
        ("waive an overdue fine as well as the irrigation cycle", "the irrigation cycle"),
        ("waive an overdue fine together with the telescope", "the telescope"),
        ("waive an overdue fine and look at the plates too", "look at the plates too"),
        ("waive an overdue fine and rotate the dome", "rotate the dome"),
        ("waive an overdue fine, then extend a loan", "extend a loan"),
        ("waive an overdue fine and also unicorns", "also unicorns"),
        ("waive an overdue fine, unicorns as well", "unicorns as well"),
        ("the roof vents and waive an overdue fine", "the roof vents"),
        ("I need to waive an overdue fine and see photographic plates", "see photographic plates"),
        ("I need photographic plates. I also waive an overdue fine", "I need photographic plates."),
        ("waive an overdue fine. I need the loans of a book", "I need the loans of a book"),
    ],
)
def test_it_is_asked_about_when_no_need_speaks_for_what_is_joined(text: str, beside: str) -> None:
    """S84."""
    found = understand(text, model=WAIVES)

    assert (found.clarity, _needs(found)) == (Clarity.UNCLEAR, [FINE])
    assert found.question is not None
    assert found.question.text.startswith(f"and `{beside}`: what exactly do you need?")


@pytest.mark.parametrize(
    "text",
    [
        "waive an overdue fine and tell Max about it",
        "waive an overdue fine, it is for the loans desk",
        "waive an overdue fine and thank the gardener",
        "waive an overdue fine and approve it too",
        "waive an overdue fine, for the books people",
        "waive an overdue fine, because the loans are wrong",
        "waive an overdue fine, INC-1001, 2h",
        "waive an overdue fine, not the loans",
        "waive an overdue fine, platewise",
        "waive an overdue fine, nothing on the vents",
        "waive an overdue fine; the plates were lost",
        "I want to waive an overdue fine, Zoé lost the plates",
        "The loans are wrong and the plates were lost. I need to waive an overdue fine",
        "waive an overdue fine and don't show me the loans",
        "waive an overdue fine against an irrigation cycle",
        "I need to finish the sky report. I need to waive an overdue fine",
    ],
)
def test_nothing_is_asked_when_nothing_else_is_asked_for(text: str) -> None:
    """S84: a clear request is no question."""
    found = understand(text, model=WAIVES)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [FINE])


@pytest.mark.parametrize(
    ("answer", "needs"),
    [
        (PLATES, [FINE, PLATES]),
        ("nothing", [FINE]),
    ],
)
def test_the_need_that_was_sure_is_kept_when_the_other_is_settled(
    answer: str, needs: list[str]
) -> None:
    """S84."""
    found = understand("waive an overdue fine and photographic plates", answer, model=WAIVES)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, needs)


def test_the_other_is_still_asked_about_when_who_it_is_for_came_first() -> None:
    """S84."""
    text = "Max needs to waive an overdue fine and photographic plates"

    found = understand(text, "max.winter", model=WAIVES)

    assert found.question is not None
    assert found.question.text.startswith("and `photographic plates`")
    assert (found.understanding.beneficiary, _needs(found)) == ("max.winter", [FINE])


def test_a_wish_of_its_own_would_be_dropped_when_only_what_is_joined_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(judged, "_alone", lambda *_: ())

    found = understand("waive an overdue fine. I need the loans of a book", model=WAIVES)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [FINE])


def test_the_other_would_be_dropped_when_nothing_looks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S84: what the shipped line prevents."""
    monkeypatch.setattr(gaps, "dropped", lambda case: ())

    found = understand("waive an overdue fine and also photographic plates", model=WAIVES)

    assert (found.clarity, _needs(found)) == (Clarity.CLEAR, [FINE])


_UNSURE = "I need something on the loans and the vents"
_NEW = "waive an overdue fine"


class _Answering(Scripted):
    """Unsure of the request; sure of an answer in words of its own."""

    def answer(self, prompt: Any, inputs: Any, words: Any, *, into: Any) -> Any:  # noqa: ANN401  # whatever form was asked for
        needs: tuple[tuple[str, str, int], ...] = (
            ("library:loans:read", "loans", 0),
            ("greenhouse:vents:read", "vents", 0),
        )
        about = "permission"
        if len(words) > 1:
            needs, about = ((FINE, _NEW, 1),), ""
        self._answer = {
            "needs": tuple(
                {"permission": name, "confidence": 60, "quote": {"words": said, "part": part}}
                for name, said, part in needs
            ),
            "about": about or None,
        }
        return super().answer(prompt, inputs, words, into=into)


def test_the_rest_is_kept_when_an_answer_says_something_new() -> None:
    """S84: an answer in new words is about the thing asked about; the other is asked about next."""
    found = understand(_UNSURE, _NEW, model=_Answering({}))

    assert (found.clarity, _needs(found)) == (Clarity.UNCLEAR, [FINE])
    assert found.question is not None
    assert found.question.text.startswith("and `the vents`")


def test_nothing_is_left_over_when_one_thing_was_asked_for() -> None:
    """S84."""
    assert several.left_over((), ()) == ()
