"""S64: the crowds that come to a store in a file come to one in a PostgreSQL: one effect each.

The tests are the very same; what is theirs here is the company they are handed.
"""

import pytest

from tests.concurrency.test_one_effect import (
    test_the_same_approval_counts_once,
    test_the_same_request_is_given_once_when_nobody_takes_turns,
    test_what_is_due_ends_once_and_what_was_cut_short_goes_on_once,
)
from tests.concurrency.test_what_counts_together import (
    test_of_two_duties_kept_apart_one_is_given,
    test_what_is_given_unasked_stays_within_its_budget,
)

__all__ = [
    "test_of_two_duties_kept_apart_one_is_given",
    "test_the_same_approval_counts_once",
    "test_the_same_request_is_given_once_when_nobody_takes_turns",
    "test_what_is_due_ends_once_and_what_was_cut_short_goes_on_once",
    "test_what_is_given_unasked_stays_within_its_budget",
]

pytestmark = pytest.mark.live
