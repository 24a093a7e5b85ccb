"""One damaged record hides no other, wherever there is a list (S22)."""

import json
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from govagents.adapters.sql import engine
from govagents.domain.request import Status
from govagents.entrypoints.cli import readable
from govagents.testing.company import Company
from tests.journey.breaking import BREAKS, sql
from tests.journey.terminal import Said, Terminal

SAM, LINH = "samuel.adeyemi", "linh.tran"
ROLE = "ap-queue-operator"
REDRIVE = "Redrive the tracking dlq, 2h"
DAMAGE = [
    """UPDATE "grant" SET targets = 'x' WHERE beneficiary = 'samuel.adeyemi'""",
    """UPDATE "grant" SET targets = 7 WHERE beneficiary = 'samuel.adeyemi'""",
    """UPDATE "grant" SET start = 'x' WHERE beneficiary = 'samuel.adeyemi'""",
    """UPDATE "grant" SET status = 'x' WHERE beneficiary = 'samuel.adeyemi'""",
]
WHAT_ASKING_TAKES = [
    "policies gone", "policy a folder", "weights nonsense", "model nonsense", "memory a file",
    "checkpoints garbage", "unknown settings key", "company edited", "catalog gone",
]  # fmt: skip


@pytest.fixture(scope="module")
def two(granted: Company, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Two people hold the same role, each by a grant."""
    company = granted.copied(tmp_path_factory.mktemp("two") / "store")
    asked = company.ask(LINH, REDRIVE)
    assert asked.decision is not None
    assert company.approve(asked, asked.decision.approvers[-1]).status is Status.ACTIVE
    return company.restarted()


@pytest.fixture
def terminal(two: Company, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(two.copied(tmp_path / "store").home, capsys)


def grants(terminal: Terminal, *words: str) -> tuple[Said, list[str], list[str]]:
    said = terminal.type(*words)
    data = json.loads(terminal.type(*words, "--json").out)
    return said, [each["beneficiary"] for each in data["grants"]], data["damaged"]


@pytest.mark.parametrize("change", DAMAGE)
@pytest.mark.parametrize("words", [("grant", "list"), ("grant", "list", "--all")])
def test_the_other_grant_is_listed_when_one_is_damaged(
    terminal: Terminal, change: str, words: tuple[str, ...]
) -> None:
    whole = terminal.data("grant", "list")["grants"]
    sql(change)(terminal.home)

    said, shown, damaged = grants(terminal, *words)

    assert (said.code, said.err) == (1, "")
    assert shown == [SAM, LINH]  # the log says what was given
    assert damaged == [each["id"] for each in whole if each["beneficiary"] == SAM]
    row = f"the row of grant `{damaged[0]}` is not what the log says"
    assert f"damaged {damaged[0]}: {row}" in said.words
    assert said.out.endswith("next  govagents audit verify\n")


@pytest.mark.parametrize("words", [("who-has", ROLE), ("access", LINH), ("doctor",)])
def test_the_damaged_grant_is_named_when_something_else_is_looked_at(
    terminal: Terminal, words: tuple[str, ...]
) -> None:
    grant = terminal.data("grant", "list")["grants"][0]["id"]
    sql(DAMAGE[0])(terminal.home)

    said = terminal.type(*words)

    assert said.code == 1
    assert grant in said.out
    assert "cannot be read" in said.out


def test_the_other_request_is_listed_when_one_is_damaged(terminal: Terminal) -> None:
    whole = terminal.data("request", "list")["requests"]
    sql("UPDATE request SET status = 'x' WHERE speaker = 'samuel.adeyemi'")(terminal.home)

    said, data = terminal.type("request", "list"), terminal.data("request", "list")

    assert said.code == 1
    assert [each["request_id"] for each in data["requests"]] == [whole[1]["request_id"]]
    assert data["damaged"] == [whole[0]["request_id"]]
    assert f"damaged {whole[0]['request_id']}: its records cannot be read 2 of 2" in said.words
    assert said.out.endswith("next  govagents audit verify\n")


def test_every_list_is_lost_without_the_shipped_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that cannot be read, under a name that the log does not know either."""
    sql(DAMAGE[0].replace("WHERE", ", id = 'gr_other', request = 'req_other' WHERE"))(terminal.home)
    monkeypatch.setattr(
        readable, "_each", lambda names, read: (tuple(read(name) for name in names), ())
    )

    assert terminal.type("grant", "list").out == ""


@pytest.mark.parametrize("name", WHAT_ASKING_TAKES)
def test_grants_are_listed_when_what_asking_takes_is_broken(terminal: Terminal, name: str) -> None:
    BREAKS[name](terminal.home)

    said, shown, damaged = grants(terminal, "grant", "list")

    assert (said.code, shown, damaged) == (0, [SAM, LINH], [])
    assert terminal.type("grant", "show", "--last").code == 0


GONE = ['DROP TABLE "grant"', 'ALTER TABLE "grant" RENAME COLUMN status TO other']
LOOKS = [("grant", "list"), ("sweep", "--once"), ("who-has", ROLE), ("access", SAM)]


@pytest.fixture
def fresh(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A store in which nothing was asked yet."""
    return Terminal(company.home, capsys)


@pytest.mark.parametrize("change", GONE)
@pytest.mark.parametrize("words", LOOKS)
def test_a_lost_table_is_said_without_the_statement(
    fresh: Terminal, change: str, words: tuple[str, ...]
) -> None:
    """S22: one line, in our words, that says where to look next."""
    sql(change)(fresh.home)

    said = fresh.type(*words)
    coded = json.loads(fresh.type(*words, "--json").err)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("error: the store is damaged: no such ")
    assert "`govagents doctor` says how it stands" in said.err
    assert "SELECT" not in said.err
    assert coded["error"]["code"] == "integrity"


def test_the_doctor_finds_a_lost_table(fresh: Terminal) -> None:
    sql(GONE[0])(fresh.home)

    said = fresh.type("doctor")

    assert said.code == 1
    assert "the store is damaged: no such table: grant" in said.words


def test_a_lost_table_is_a_trace_without_the_shipped_line(
    fresh: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm."""
    monkeypatch.setattr(engine, "_OF_THE_STORE", frozenset())
    sql(GONE[0])(fresh.home)

    with pytest.raises(OperationalError, match="SELECT"):
        fresh.type("grant", "list")
