from datetime import UTC, datetime

import pytest

from govagents.domain.question import About, Clarity
from govagents.errors import UnknownNameError
from tests.unit.perception.company import understand


def test_every_fact_is_an_id_when_the_words_are_clear() -> None:
    found = understand("INC-1001: extend a loan by two weeks, until 18:00")

    known = found.understanding
    assert found.clarity is Clarity.CLEAR
    assert [need.permission for need in known.needs] == ["library:loans:extend"]
    assert (known.speaker, known.beneficiary) == ("ada.quill", "ada.quill")
    assert (known.ticket, known.cited) == ("INC-1001", ("INC-1001",))
    assert known.window is not None
    assert known.window.end == datetime(2026, 11, 23, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ticket", "speaker"), [("INC-1002", "ada.quill"), ("INC-1001", "zoe.brook")]
)
def test_a_ticket_is_cited_only_when_it_is_closed_or_somebody_elses(
    ticket: str, speaker: str
) -> None:
    known = understand(f"{ticket}: see who has borrowed a book", speaker=speaker).understanding

    assert (known.ticket, known.cited) == (None, (ticket,))


def test_a_ticket_is_text_when_the_ticket_system_does_not_know_it() -> None:
    assert understand("INC-9999: see who has borrowed a book").understanding.cited == ()


def test_the_window_of_a_change_is_asked_for_when_the_words_point_at_it() -> None:
    known = understand("For the window of CHG-2001 I catalogue a book").understanding

    assert known.window is not None
    assert known.window.start == datetime(2026, 11, 28, 6, tzinfo=UTC)


def test_no_window_is_made_up_when_the_words_name_none() -> None:
    assert understand("see who has borrowed a book").understanding.window is None


def test_the_flag_wins_when_the_words_name_somebody_else() -> None:
    found = understand("Zoé needs to see who has borrowed a book", asked_for="max.winter")

    assert found.understanding.beneficiary == "max.winter"


def test_an_unknown_name_is_refused_when_the_flag_names_it() -> None:
    with pytest.raises(UnknownNameError, match=r"`nobody\.here`"):
        understand("see loans", asked_for="nobody.here")


def test_one_question_names_both_when_two_people_fit() -> None:
    found = understand("Max needs to see who has borrowed which book")

    assert found.question is not None
    assert found.question.about is About.BENEFICIARY
    assert [item.id for item in found.question.options] == ["max.sommer", "max.winter"]
    assert found.question.options[0].label == "Max Sommer, Gardener, Garden"


@pytest.mark.parametrize("answer", ["2", "max.winter", "Max Winter", "Winter"])
def test_an_answer_settles_who_when_it_means_one_option(answer: str) -> None:
    found = understand("Max needs to see who has borrowed which book", answer)

    assert (found.clarity, found.understanding.beneficiary) == (Clarity.CLEAR, "max.winter")


def test_the_question_is_asked_again_when_an_answer_means_nothing() -> None:
    first = understand("Max needs to see who has borrowed which book")

    assert understand("Max needs to see who has borrowed which book", "7") == first


def test_the_needs_are_those_of_the_purpose_when_a_wide_role_is_named() -> None:
    """S60."""
    known = understand("make me library administrator, I have to extend a loan").understanding

    assert [need.permission for need in known.needs] == ["library:loans:extend"]
    assert known.narrowed == ("lib-admin",)


def test_a_wide_role_is_a_question_when_no_purpose_stands_beside_it() -> None:
    found = understand("make me library administrator for two hours")

    assert found.question is not None
    assert (found.understanding.needs, found.question.about) == ((), About.PERMISSION)


def test_a_small_role_is_what_it_holds_when_it_is_named_outright() -> None:
    known = understand("I need the Plate Reader role for a day").understanding

    assert [need.permission for need in known.needs] == [
        "observatory:plates:export",
        "observatory:plates:read",
    ]


def test_an_open_end_is_a_question_when_the_access_changes_something() -> None:
    found = understand("I waive an overdue fine, for as long as it takes")
    reading = understand("I see who has borrowed which book, for as long as it takes")

    assert found.question is not None
    assert found.question.about is About.WINDOW
    assert reading.clarity is Clarity.CLEAR


def test_an_answer_gives_the_window_when_the_end_was_open() -> None:
    found = understand("I waive an overdue fine, for as long as it takes", "until 18:00")

    assert found.clarity is Clarity.CLEAR
    assert found.understanding.window is not None


def test_an_answer_in_free_words_is_read_when_the_permission_was_open() -> None:
    found = understand("I need something on the books", "see who has borrowed which book")

    assert found.clarity is Clarity.CLEAR
    assert [need.permission for need in found.understanding.needs] == ["library:loans:read"]


def test_a_question_has_five_options_in_words_when_the_permission_is_open() -> None:
    found = understand("I need something on the books and loans and vents and plates")

    assert found.question is not None
    assert 0 < len(found.question.options) <= 5
    assert all(" " in item.label for item in found.question.options)


def test_no_match_is_said_when_nothing_in_the_catalog_does_it() -> None:
    assert understand("edit rights on the figma board").clarity is Clarity.NO_MATCH


def test_a_warning_needs_no_question_when_policy_will_answer() -> None:
    found = understand("send the whole stuff to my private mailbox")

    assert (found.clarity, found.understanding.warnings) == (Clarity.CLEAR, ("keep-a-copy",))


def test_the_window_is_asked_for_when_words_about_time_are_left_over() -> None:
    said = "see who has borrowed which book, until Friday but at most 2h"
    found, settled = understand(said), understand(said, "2 hours")

    assert found.question is not None
    assert (found.question.about, found.understanding.window) == (About.WINDOW, None)
    assert settled.clarity is Clarity.CLEAR
    assert settled.understanding.window is not None


@pytest.mark.parametrize(
    "text",
    [
        "do not give me a way to see who has borrowed which book",
        "I don't want to see who has borrowed which book",
        "please revoke my access to see who has borrowed which book",
        "Who can see who has borrowed which book?",
        "what does it take to see borrowed books? Thanks!",
    ],
)
def test_a_question_is_asked_when_nothing_is_wished_for(text: str) -> None:
    """A refusal and a bare question are no request."""
    found = understand(text)

    assert found.question is not None
    assert found.question.about in {About.PERMISSION, About.SYSTEM, About.PURPOSE}


@pytest.mark.parametrize(
    "text",
    [
        "can i see who has borrowed which book",
        "who has it? I need to see who has borrowed which book, 2h",
        "I need to see who has borrowed which book, I don't need to change it",
    ],
)
def test_a_wish_is_read_when_a_question_or_a_refusal_stands_beside_it(text: str) -> None:
    found = understand(text)

    assert found.clarity is Clarity.CLEAR
    assert [need.permission for need in found.understanding.needs] == ["library:loans:read"]


def test_nothing_is_sure_when_one_word_of_many_is_known() -> None:
    found = understand("necesito revisar dome porque siempre falla algo gordo ahora")

    assert found.clarity is not Clarity.CLEAR
