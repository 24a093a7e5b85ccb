import pytest

from govagents.domain.question import About, Clarity
from tests.unit.perception.company import Scripted, understand

LOANS = "see who has borrowed which book"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I need role od-superuser", "od-superuser"),
        ("I need the od-superuser role for 2h", "od-superuser"),
        ("give me the following role: od-superuser", "od-superuser"),
        ('please, the "edge wizard" role', "edge wizard"),
        ("the role “Edge Wizard”, 2h", "Edge Wizard"),
        ("give me the edge wizard role", "edge wizard"),
        ("the Edge Wizard role", "Edge Wizard"),
        ("make me Plate Wizard role", "Plate Wizard"),
        ("the role of Dome Marshal", "Dome Marshal"),
        (f"role od-superuser, I have to {LOANS}", "od-superuser"),
    ],
)
def test_a_role_is_said_to_be_unknown_when_the_catalog_has_none_of_that_name(
    text: str, name: str
) -> None:
    """S84."""
    found = understand(text)

    assert (found.clarity, found.understanding.needs) != (Clarity.NO_MATCH, ())
    assert found.question is not None
    assert found.question.about is About.ROLE
    assert f"no role `{name}` in the catalog" in found.question.text


def test_the_nearest_role_is_told_when_the_name_is_nearly_one() -> None:
    found = understand("I need role ob-plate for a day")

    assert found.question is not None
    assert found.question.text.startswith("no role `ob-plate` in the catalog (is it `ob-plates`?)")


@pytest.mark.parametrize(
    "text",
    [
        "I need the Plate Reader role for a day",
        "I need role ob-plates for a day",
        f"whatever role is needed to {LOANS}",
        f"the smallest role that lets me {LOANS}",
        f"a read-only role to {LOANS}",
        f"my new role: I {LOANS}",
        f"in my role as librarian I {LOANS}",
        f"the library role to {LOANS}",
        f"make me library administrator role, I have to {LOANS}",
    ],
)
def test_no_role_is_said_to_be_unknown_when_it_exists_or_none_is_named(text: str) -> None:
    found = understand(text)

    assert found.question is None or "no role" not in found.question.text


def test_a_quoted_role_is_no_need_when_it_exists() -> None:
    """A real role in somebody's words is a wish, never coverage."""
    found = understand('the "Plate Reader" role')

    assert found.understanding.needs == ()


def test_what_is_wanted_is_asked_when_the_role_is_unknown_and_the_purpose_is_not() -> None:
    text = f"role od-superuser, I have to {LOANS}"

    first, settled = understand(text), understand(text, "1")

    assert first.question is not None
    assert first.question.options[0].id == "library:loans:read"
    assert settled.clarity is Clarity.CLEAR
    assert [need.permission for need in settled.understanding.needs] == ["library:loans:read"]


def test_nothing_is_offered_when_only_the_name_of_an_unknown_role_was_read() -> None:
    need = {"permission": "library:loans:read", "confidence": 40, "quote": {"words": "loan wizard"}}
    model = Scripted({"needs": (need,), "about": "permission"})

    found = understand("I need the loan wizard role", model=model)

    assert found.question is not None
    assert (found.question.about, found.question.options) == (About.ROLE, ())


def test_an_unknown_role_is_said_when_a_model_overlooks_it() -> None:
    need = {"permission": "library:loans:read", "confidence": 100, "quote": {"words": "borrowed"}}

    found = understand(f"role od-superuser, to {LOANS}", model=Scripted({"needs": (need,)}))

    assert found.question is not None
    assert found.question.about is About.ROLE


def test_a_ticket_is_said_to_be_unknown_when_the_ticket_system_has_none() -> None:
    """S84: only what is written like a ticket of this company is one."""
    found, other = understand(f"INC-99999: {LOANS}"), understand(f"sha-256 of books: {LOANS}")

    assert found.question is not None
    assert found.question.about is About.TICKET
    assert "no ticket `INC-99999` in the ticket system" in found.question.text
    assert (found.understanding.ticket, found.understanding.cited) == (None, ())
    assert other.question is None or other.question.about is not About.TICKET


@pytest.mark.parametrize(
    ("answer", "ticket"), [("INC-1001", "INC-1001"), ("none", None), ("it is CHG-2001", "CHG-2001")]
)
def test_the_ticket_of_the_answer_counts_when_the_first_was_unknown(
    answer: str, ticket: str | None
) -> None:
    found = understand(f"INC-99999: {LOANS}", answer)

    assert (found.clarity, found.understanding.ticket) == (Clarity.CLEAR, ticket)


def test_a_ticket_is_asked_for_again_when_the_answer_names_another_unknown_one() -> None:
    found = understand(f"INC-99999: {LOANS}", "INC-88888")

    assert found.question is not None
    assert "`INC-88888`" in found.question.text
    assert "`INC-99999`" not in found.question.text


def test_both_are_asked_when_role_and_ticket_are_unknown() -> None:
    text = f"INC-99999: role od-superuser, I have to {LOANS}"

    first, second, third = understand(text), understand(text, "1"), understand(text, "1", "none")

    assert first.question is not None
    assert second.question is not None
    assert (first.question.about, second.question.about) == (About.ROLE, About.TICKET)
    assert third.clarity is Clarity.CLEAR
