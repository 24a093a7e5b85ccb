"""Every line that is tagged as a defence has a test that takes it away and sees the harm."""

from tests.architecture.defences import Removal, defences, removals, removed


def test_every_defence_is_taken_away_by_a_test() -> None:
    assert [str(each) for each, tests in removed().items() if not tests] == []


def test_every_test_that_takes_something_away_names_one_defence() -> None:
    named = {one: [each for each in defences() if one.of(each)] for one in removals()}

    assert {one: found for one, found in named.items() if len(found) != 1} == {}


def test_every_test_that_takes_something_away_replaces_something() -> None:
    assert [one.test for one in removals() if not one.replacing] == []


def test_a_mark_without_words_is_of_no_one_line_where_there_are_several() -> None:
    """The rule itself, on a file with two tags."""
    both = Removal("govagents/policy/cedar.py", "", "test_x", replacing=True)

    assert sum(both.of(each) for each in defences()) > 1
