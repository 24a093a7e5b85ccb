"""The numbered rules of `lexical_hash`: letters are compared, deterministically."""

import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.adapters.embedders import LexicalHash

KNOWN = "6e534d85eafe7dac35b14d5793407b6d1b2247eb4aa8cfbf2743b6274c59c35d"


def near(one: str, other: str) -> float:
    first, second = LexicalHash().vectors([one, other])
    return math.fsum(a * b for a, b in zip(first, second, strict=True))


def test_the_order_and_case_of_letters_count_as_the_rules_say() -> None:
    """(1) (2): case is nothing; a slip of the keyboard and an inflection are little."""
    assert near("Read the LEDGER", "read the ledger") == pytest.approx(1)
    assert near("restart the workers", "restarting the worker") > 0.6
    assert near("restart the wrokers", "restart the workers") > 0.5
    assert near("restart the workers", "payroll of november") < 0.2


def test_meaning_does_not_count() -> None:
    """It is called lexical, because a paraphrase without a common letter sequence is far."""
    assert near("switch off the alarm", "silence paging") < 0.1


@given(st.text(max_size=200))
def test_every_text_has_a_vector_of_length_one_or_none(text: str) -> None:
    (vector,) = LexicalHash(dim=64).vectors([text])

    length = math.fsum(value * value for value in vector)
    assert len(vector) == 64
    assert length == pytest.approx(1) or not any(vector)


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_the_numbers_are_the_same_whatever_the_hash_seed(seed: str) -> None:
    code = (
        "from govagents.adapters.embedders import LexicalHash as L; from hashlib import sha256\n"
        "print(sha256(repr(L().vectors(['Read the ledger, Basel'])).encode()).hexdigest())"
    )
    environment = {"PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", code]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == KNOWN
