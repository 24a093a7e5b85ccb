"""The parts of SECURITY.md that tests make are as they would be made today."""

from tests.architecture.readme import parts
from tests.architecture.security import MADE, SECURITY, attacked, rewritten
from tests.architecture.sources import modules


def test_the_made_parts_are_as_they_would_be_made_today() -> None:
    text = SECURITY.read_text(encoding="utf-8")

    assert sorted(parts(text)) == sorted(MADE)
    assert rewritten(text) == text, "make docs"


def test_every_attack_says_what_is_attacked() -> None:
    files = [each for each in modules("tests/attack") if each.path.name.startswith("test_")]

    assert [each.path.name for each in files if not attacked(each)] == []


def test_a_stale_part_is_made_anew_and_the_rest_is_left() -> None:
    stale = "before\n<!-- made: defences -->\nstale words\n<!-- /made: defences -->\nafter\n"

    fresh = rewritten(stale)

    assert fresh.startswith("before\n<!-- made: defences -->\n")
    assert "stale words" not in fresh
    assert fresh.endswith("\n<!-- /made: defences -->\nafter\n")
