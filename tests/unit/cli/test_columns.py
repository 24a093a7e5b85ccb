"""Words and ids stay whole where there is room."""

from hypothesis import given
from hypothesis import strategies as st

from govagents.entrypoints.cli.columns import widths

CELL = st.text(alphabet="ab \n", max_size=30)
ROWS = st.integers(1, 5).flatmap(
    lambda columns: st.lists(st.lists(CELL, min_size=columns, max_size=columns), min_size=1)
)


@given(ROWS, st.integers(1, 60))
def test_a_table_fits_and_breaks_no_word_when_its_words_fit(
    rows: list[list[str]], room: int
) -> None:
    longest = [
        max(len(word) for cell in column for word in [*cell.split(), ""])
        for column in zip(*rows, strict=True)
    ]

    found = widths(rows, room)

    if found is None:
        assert sum(longest) > room
    else:
        assert sum(found) <= room
        assert all(width >= least for width, least in zip(found, longest, strict=True))


def test_no_column_shrinks_when_there_is_room_for_all() -> None:
    assert widths([["id", "says"], ["req_1", "one two three"]], 80) == [5, 13]


def test_the_widest_column_shrinks_when_one_must() -> None:
    assert widths([["2026-11-23 09:00 UTC", "request.received"]], 30) == [14, 16]


def test_nothing_is_fitted_when_even_the_words_have_no_room() -> None:
    assert widths([["request.received", "viktor.horvath"]], 20) is None
