"""Every field of an understanding says where it came from; what nobody said stays unknown (S10)."""

from govagents.domain.observation import Source, Trust
from govagents.domain.view import View
from govagents.testing.company import Company


def sources(view: View) -> dict[str, tuple[Source, Trust]]:
    assert view.resolution is not None
    return {each.field: (each.source, each.trust) for each in view.resolution.observed}


def test_words_are_claims_and_systems_of_record_are_facts(company: Company) -> None:
    """S10."""
    found = sources(company.ask("wei.zhang", "restart rtm gw, INC-4414, 1h"))

    assert found["speaker"] == (Source.AUTHENTICATION, Trust.FACT)
    assert found["beneficiary"] == (Source.AUTHENTICATION, Trust.FACT)
    assert found["needs"] == (Source.WORDS, Trust.CLAIM)
    assert found["window"] == (Source.WORDS, Trust.CLAIM)
    assert found["ticket"] == (Source.TICKETS, Trust.FACT)


def test_what_nobody_said_is_unknown(company: Company) -> None:
    """S10: never a default in the place of a fact."""
    found = sources(company.ask("daniel.osei", "can i see what orders halvard steel has open"))

    assert found["window"] == (Source.UNKNOWN, Trust.UNKNOWN)
    assert found["ticket"] == (Source.UNKNOWN, Trust.UNKNOWN)


def test_a_beneficiary_read_from_the_words_is_a_claim(company: Company) -> None:
    """S10 S71: the speaker and the one who gains are told apart."""
    view = company.ask("bogdan.ionescu", "let chidi see the customs declarations for 2 days")

    assert view.resolution is not None
    assert view.resolution.understanding.beneficiary == "chidi.eze"
    assert sources(view)["beneficiary"] == (Source.WORDS, Trust.CLAIM)


def test_a_beneficiary_given_by_flag_is_the_speakers_own_word(company: Company) -> None:
    view = company.ask("bogdan.ionescu", "see the customs declarations, 2d", asked_for="chidi.eze")

    assert sources(view)["beneficiary"] == (Source.FLAG, Trust.FACT)
