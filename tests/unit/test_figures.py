"""The README's table of measurements: rows measured again are replaced, all else is left."""

from tests.bench.figures import HEAD, README, Aim, Figures

BEFORE = f"before\n<!-- measured -->\n{HEAD}| a | 1 | none | 9 |\n| c | 3 | none | 9 |\n"
AFTER = "<!-- /measured -->\nafter | b | x |\n"


def test_a_row_is_replaced_when_it_is_measured_again_and_the_rest_is_left() -> None:
    figures = Figures()
    figures.add("b", "2", Aim(2, most=3, unit=" ms"), Aim(2, least=3))
    figures.add("c", "4")

    text = figures.written(BEFORE + AFTER)

    head, rows = text.removesuffix(AFTER).split(HEAD)
    a, b, c = rows.splitlines()
    assert (head, a) == ("before\n<!-- measured -->\n", "| a | 1 | none | 9 |")
    assert b.startswith("| b | 2 | < 3 ms: met, at least 3: not met | ")
    assert c.startswith("| c | 4 | none | ")
    assert figures.written(text) == text


def test_a_table_begins_empty_and_the_readme_has_one() -> None:
    figures = Figures()
    figures.add("a", "1")

    assert figures.written("<!-- measured -->\n<!-- /measured -->").count("\n| ") == 3
    assert README.read_text("utf-8").count("<!-- measured -->") == 1
