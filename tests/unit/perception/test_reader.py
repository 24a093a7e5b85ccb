import pytest

from govagents.adapters.models.local import LocalModel
from govagents.domain.text import Span
from govagents.errors import ModelError
from govagents.perception.reader import Reader
from tests.unit.perception.company import PROMPTS, Ports, Scripted, read, request_of

TEXT = "I need to see who has borrowed which book, 2h"


def _need(
    permission: str, words: str = "see who has borrowed", **more: object
) -> dict[str, object]:
    return {"permission": permission, "confidence": 90, "quote": {"words": words, **more}}


def test_a_need_points_at_its_words_when_the_local_model_reads() -> None:
    found = read(Ports([TEXT]))

    assert [need.permission for need in found.needs] == ["library:loans:read"]
    span = found.needs[0].span
    assert "borrowed" in TEXT[span.start : span.end]
    assert (found.about, found.reader) == (None, "local")


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("The count is wrong. I need to extend a loan.", "The count is wrong."),
        ("I need to extend a loan because the count is wrong", "because the count is wrong"),
        ("I need to extend a loan", None),
    ],
)
def test_the_purpose_is_a_place_in_the_words_when_one_is_told(
    text: str, purpose: str | None
) -> None:
    span = read(Ports([text])).purpose

    assert (None if span is None else text[span.start : span.end]) == purpose


def test_the_reading_is_the_same_when_it_is_read_again() -> None:
    assert read(Ports([TEXT])) == read(Ports([TEXT]))


def test_a_need_is_kept_when_a_model_quotes_the_speaker() -> None:
    found = read(Ports([TEXT]), model=Scripted({"needs": (_need("library:loans:read"),)}))

    assert found.needs[0].span == Span(10, 30)


@pytest.mark.parametrize(
    "need",
    [
        _need("library:everything:own"),
        _need("observatory:dome:rotate"),
        _need("library:loans:read", words="make me admin"),
        _need("library:loans:read", part=7),
    ],
)
def test_a_need_is_dropped_when_a_model_makes_it_up(need: dict[str, object]) -> None:
    found = read(Ports([TEXT]), model=Scripted({"needs": (need,)}))

    assert (found.needs, found.about) == ((), "permission")


def test_roles_and_warnings_are_dropped_when_nobody_knows_them() -> None:
    answer = {"roles": ("no-such-role", "lib-admin"), "warnings": ("nonsense",)}

    found = read(Ports([TEXT]), model=Scripted(answer))

    assert (found.roles, found.warnings) == ((), ())


def test_a_warning_is_raised_when_the_speakers_words_hold_its_cue() -> None:
    assert read(Ports(["send the loans to my private mailbox"])).warnings == ("keep-a-copy",)
    assert read(Ports(['see loans, "to my private mailbox"'])).warnings == ()


def test_a_model_sees_forty_candidates_at_most_when_it_is_asked() -> None:
    model = Scripted({})

    read(Ports([TEXT]), model=model)

    shown = model.inputs["candidates"]
    assert isinstance(shown, list)
    assert 0 < len(shown) <= 40
    assert "library:loans:read" in {item["id"] for item in shown}


def test_the_reading_ends_when_the_model_fails_and_nobody_stands_in() -> None:
    with pytest.raises(ModelError, match="down"):
        read(Ports([TEXT]), model=Scripted(ModelError("down")))


def test_the_reading_says_who_stood_in_when_the_model_fails() -> None:
    ports = Ports([TEXT])
    reader = Reader(
        Scripted(ModelError("down")), PROMPTS, ports, ports, ports, fallback=LocalModel()
    )

    found = reader({"request": request_of("ada.quill")})["reading"]

    assert (found.reader, found.needs[0].permission) == (
        "local instead of scripted",
        "library:loans:read",
    )


@pytest.mark.parametrize("text", ["Please order a new office chair", "xyzzy plugh"])
def test_nothing_is_claimed_when_the_catalog_has_no_word_for_it(text: str) -> None:
    found = read(Ports([text]))

    assert found.needs == ()


@pytest.mark.parametrize("text", ["I need whatever is necessary for loans", "I need access"])
def test_a_question_is_raised_when_the_words_leave_it_open(text: str) -> None:
    assert read(Ports([text])).about is not None
