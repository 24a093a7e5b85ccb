"""The numbered rules of `govagents.memory.precedent`, one by one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.domain.catalog import Sensitivity
from govagents.domain.ids import IdentityId, PermissionId
from govagents.domain.question import About
from govagents.domain.request import Status, Window
from govagents.memory.precedent import (
    Viewpoint,
    advised,
    aided,
    disagreement,
    missing_provenance,
    ranked,
    unaided,
)
from tests.unit.memory.cases import (
    AGENT,
    CATALOG,
    DUMP,
    ELIGIBILITY,
    GONE,
    NOW,
    READ,
    SPEAKER,
    WORLD,
    WRITE,
    permission,
    precedent,
    question,
    understanding,
)

NONE: frozenset[PermissionId] = frozenset()
VIEW = Viewpoint(NOW, CATALOG, 3)


def limit(identity: IdentityId) -> int:
    reader = WORLD.identities.get(identity)
    return Viewpoint.of(reader, ELIGIBILITY, catalog=CATALOG, now=NOW).limit


def test_a_case_counts_when_it_is_alive_and_known() -> None:
    """S19."""
    case = (precedent(), 50)

    assert ranked([case], VIEW, NONE) == (case,)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=1)])
def test_a_case_no_longer_counts_when_it_has_expired(age: timedelta) -> None:
    """(1) S19."""
    case = precedent(expires=NOW - age)

    assert ranked([(case, 50)], VIEW, NONE) == ()


def test_a_case_does_not_count_when_it_lies_in_the_future() -> None:
    """(1)."""
    assert ranked([(precedent(at=NOW + timedelta(seconds=1)), 50)], VIEW, NONE) == ()


def test_a_case_of_another_catalog_counts_when_its_needs_are_still_there() -> None:
    """(2)."""
    case = (precedent("req_old", READ, catalog="catalog-0"), 50)

    assert ranked([case], VIEW, NONE) == (case,)


def test_a_case_of_another_catalog_does_not_count_when_a_need_is_gone() -> None:
    """(2)."""
    held = {READ: CATALOG.permissions[READ]}
    now = Viewpoint(NOW, replace(CATALOG, digest="catalog-2", permissions=held), 3)

    assert ranked([(precedent("req_old", READ, WRITE), 50)], now, NONE) == ()


def test_a_case_is_hidden_when_it_is_more_sensitive_than_its_reader_may_see() -> None:
    """(3) S19."""
    cases = [(precedent("req_a", READ), 50), (precedent("req_b", DUMP), 90)]

    seen = ranked(cases, Viewpoint(NOW, CATALOG, Sensitivity.CONFIDENTIAL.rank), NONE)

    assert [case.request for case, _ in seen] == ["req_a"]


def test_a_case_is_hidden_when_its_needs_became_more_sensitive_since() -> None:
    """(3)."""
    today = {READ: permission(READ, Sensitivity.RESTRICTED)}
    view = Viewpoint(NOW, replace(CATALOG, permissions=today), Sensitivity.CONFIDENTIAL.rank)

    assert ranked([(precedent("req_old", READ), 50)], view, NONE) == ()


def test_a_reader_sees_up_to_his_clearance_or_ceiling() -> None:
    """(3)."""
    nobody = IdentityId("nobody")

    assert [limit(item) for item in (SPEAKER, AGENT, GONE, nobody)] == [2, 1, -1, -1]


def test_a_reader_sees_nothing_above_a_level_that_no_clearance_is_set_for() -> None:
    """(3)."""
    levels = {Sensitivity.PUBLIC: 0, Sensitivity.RESTRICTED: 0}
    gap = replace(ELIGIBILITY, clearance=levels)

    view = Viewpoint.of(WORLD.identities[SPEAKER], gap, catalog=CATALOG, now=NOW)

    assert view.limit == Sensitivity.PUBLIC.rank


@pytest.mark.parametrize(
    ("field", "nothing"),
    [("source", ""), ("entry", -1), ("text_digest", ""), ("catalog", ""), ("ending", "")],
)
def test_a_case_does_not_count_when_it_cannot_say_where_it_comes_from(
    field: str, nothing: object
) -> None:
    """(4) S19."""
    case = precedent("req_old", **{field: nothing})

    assert missing_provenance(case) == (field,)
    assert ranked([(case, 50)], VIEW, NONE) == ()


def test_a_case_is_not_similar_when_its_words_are_too_far() -> None:
    """(5)."""
    assert ranked([(precedent(), 29)], VIEW, NONE) == ()


def test_cases_rank_by_words_needs_and_age() -> None:
    """(5)."""
    plain, same = precedent("req_plain", WRITE), precedent("req_same", READ)
    newer = replace(plain, request=same.request, at=plain.at + timedelta(days=1))

    by_need = ranked([(plain, 60), (same, 50)], VIEW, frozenset({READ}))
    by_words = ranked([(plain, 60), (same, 50)], VIEW, NONE)
    by_age = ranked([(plain, 60), (newer, 60)], VIEW, NONE)

    assert [item[0] for item in (by_need, by_words, by_age)] == [
        (same, 50),
        (plain, 60),
        (newer, 60),
    ]


def test_options_are_reordered_when_one_was_the_answer_before() -> None:
    """(6) S19: the question differs with and without a precedent."""
    asked = question(READ, WRITE)

    shown = advised(asked, [(precedent("req_old", WRITE), 40)], CATALOG)

    assert shown is not None
    assert [option.id for option in shown.options] == [WRITE, READ]
    assert set(shown.options) == set(asked.options)


def test_an_earlier_answer_is_offered_first_when_the_words_are_nearly_the_same() -> None:
    """(6)."""
    shown = advised(question(READ), [(precedent("req_old", WRITE), 60)], CATALOG)

    assert shown is not None
    assert [(option.id, option.label) for option in shown.options] == [
        (WRITE, "May ledger:write (answer in an earlier case)"),
        (READ, "May ledger:read"),
    ]


def test_no_option_is_added_when_the_words_are_merely_similar() -> None:
    """(6)."""
    asked = question(READ)

    assert advised(asked, [(precedent("req_old", WRITE), 59)], CATALOG) == asked


def test_no_option_is_added_when_the_catalog_no_longer_has_it() -> None:
    """(6)."""
    near = (precedent("req_old", READ, needs=(PermissionId("ledger:gone"),)), 90)

    assert advised(question(READ), [near], CATALOG) == question(READ)


@pytest.mark.parametrize(
    "about", [about for about in About if about not in {About.PERMISSION, About.SYSTEM}]
)
def test_a_question_stays_when_it_is_about_neither_permission_nor_system(about: About) -> None:
    """(6)."""
    asked = question(READ, WRITE, about=about)

    assert advised(asked, [(precedent("req_old", WRITE), 100)], CATALOG) == asked


@pytest.mark.parametrize("ending", [Status.DENIED, Status.RETURNED, Status.REVOKED, Status.BLOCKED])
def test_a_case_does_not_advise_when_nothing_was_given(ending: Status) -> None:
    """(7)."""
    refused = precedent("req_old", WRITE, ending=ending.value)

    assert advised(question(READ, WRITE), [(refused, 90)], CATALOG) == question(READ, WRITE)


def test_a_persons_correction_advises_whatever_the_ending() -> None:
    """(7)."""
    corrected = precedent("req_old", WRITE, ending=Status.DENIED.value, kind="correction")

    shown = advised(question(READ, WRITE), [(corrected, 40)], CATALOG)

    assert shown is not None
    assert shown.options[0].id == WRITE


def test_a_near_case_disagrees_when_it_meant_another_permission() -> None:
    """(8) S21: memory may call for a person."""
    ours = understanding(READ)

    with_memory = aided(ours, [(precedent("req_old", WRITE), 60)])

    assert disagreement(ours, with_memory) == (About.PERMISSION,)


@pytest.mark.parametrize(
    "cases",
    [
        [(precedent("req_old", WRITE), 59)],
        [(precedent("req_a", WRITE), 90), (precedent("req_b", READ), 70)],
        [(precedent("req_old", WRITE, ending=Status.DENIED.value), 90)],
        [],
    ],
    ids=["not near", "another near one agrees", "nothing was given", "none"],
)
def test_memory_agrees_when_no_near_case_meant_something_else(
    cases: list[tuple[object, int]],
) -> None:
    """(8)."""
    ours = understanding(READ)

    assert aided(ours, cases) == ours  # type: ignore[arg-type]  # parametrize loses the type


def test_a_choice_is_memorys_when_only_memory_had_offered_it() -> None:
    """(8)."""
    shown = advised(question(READ), [(precedent("req_old", WRITE), 60)], CATALOG)
    own, offered = understanding(READ), understanding(WRITE)

    assert disagreement(unaided(own, shown), own) == ()
    assert disagreement(unaided(offered, shown), offered) == (About.PERMISSION,)


def test_another_beneficiary_or_window_is_a_disagreement() -> None:
    """(8)."""
    ours = understanding(READ)
    theirs = replace(ours, beneficiary=AGENT, window=Window(NOW, NOW + timedelta(hours=1)))

    assert disagreement(ours, theirs) == (About.BENEFICIARY, About.WINDOW)


OFFERED = st.lists(st.sampled_from([READ, WRITE, DUMP]), unique=True)
CASES = st.lists(
    st.tuples(
        st.builds(
            precedent,
            st.sampled_from(["req_a", "req_b", "req_c"]),
            st.sampled_from([READ, WRITE, DUMP]),
            ending=st.sampled_from([item.value for item in Status]),
        ),
        st.integers(0, 100),
    ),
    max_size=6,
)


@given(offered=OFFERED, cases=CASES)
def test_memory_hides_no_option_whatever_the_cases_are(
    offered: list[PermissionId], cases: list[tuple[object, int]]
) -> None:
    """(6) and "a thousand copies weigh what one does" (7)."""
    asked = question(*offered)

    shown = advised(asked, cases, CATALOG)  # type: ignore[arg-type]  # strategies lose the type
    flooded = advised(asked, cases * 50, CATALOG)  # type: ignore[arg-type]

    assert shown is not None
    assert set(asked.options) <= set(shown.options)
    assert len(shown.options) <= len(asked.options) + 1
    assert flooded == shown
