"""Small lines of defence, each taken away, and the harm seen (S38 S42 S64 S72)."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy.exc

from govagents import settings
from govagents.action import targets
from govagents.adapters.clock import MachineClock
from govagents.adapters.embedders.lexical_hash import LexicalHash
from govagents.adapters.sql import engine, worlds
from govagents.adapters.sql import records as kept_records
from govagents.adapters.sql.columns import Blob
from govagents.adapters.sql.grant_rows import GrantRows
from govagents.adapters.sql.grants import SqlGrants
from govagents.adapters.sql.records import SqlRecords, create_records, open_records
from govagents.adapters.sql.requests import SqlRequests
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.adapters.traces import Spans
from govagents.adapters.vectors import Entry, Hit, Vectors
from govagents.adapters.world.items import digest_of
from govagents.domain.ids import GrantId, IdentityId, RequestId, SystemId
from govagents.domain.observation import Look, Source, Topic, Trust
from govagents.domain.request import Status
from govagents.domain.span import Call
from govagents.domain.text import Untrusted
from govagents.errors import ConfigurationError, IntegrityError, TargetRefusedError
from tests.unit.adapters.stores import ANA, NINE, grant, keep, stocked, tamper
from tests.unit.adapters.test_earlier import earlier


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(stocked(tmp_path)) as store:
        yield store


def test_words_of_others_become_ours_when_they_can_be_written_as_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/domain/text.py

    S72: an accident of formatting would put them, escapes and all, among words of ours.
    """
    words = Untrusted("\x1b[31mgranted")
    with pytest.raises(TypeError):
        f"said: {words}"

    monkeypatch.setattr(Untrusted, "__format__", lambda self, _: self.raw())

    assert f"said: {words}" == "said: \x1b[31mgranted"


def test_a_system_falls_to_another_target_when_a_setting_that_is_no_text_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/settings.py (one that is no text stays)

    S39: the other target would confirm that access has ended where nobody looked.
    """
    (tmp_path / settings.FILE).write_text('[systems]\nlake = 7\n"*" = "sim:sim.db"\n')
    assert "lake" in settings.read_settings(tmp_path).systems

    monkeypatch.setattr(settings, "_told", settings._texts)

    assert set(settings.read_settings(tmp_path).systems) == {"*"}


def test_a_notice_goes_to_more_than_one_address_when_it_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/settings.py (one address and nothing besides)"""
    two = settings.NoticeSettings(addresses={"ana": "ana@example.com, eve@example.net"})
    assert two.address_of("ana") is None

    monkeypatch.setattr(settings, "_ADDRESS", re.compile(".*"))

    assert two.address_of("ana") == "ana@example.com, eve@example.net"


IN_CLEAR = """[notices]
smtp = "mail.example.com:25"
sender = "govagents@example.com"
security = "none"
user = "govagents"
password_file = "mail.pass"
"""


def test_a_password_is_said_in_clear_when_what_is_wrong_is_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/settings.py (a password is said to nobody)"""
    (tmp_path / settings.FILE).write_text(IN_CLEAR)
    assert settings.read_settings(tmp_path).notices.password is None

    monkeypatch.setattr(settings, "_notice_problems", lambda *_: ())

    assert settings.read_settings(tmp_path).notices.password == tmp_path / "mail.pass"


def test_half_of_a_way_tells_when_a_part_that_is_not_understood_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/settings.py (a way of which a part)

    A misspelt `security` would fall to whatever the rest comes to.
    """
    misspelt = IN_CLEAR.replace('security = "none"', 'securitty = "tls"')
    (tmp_path / settings.FILE).write_text(misspelt)
    assert settings.read_settings(tmp_path).notices.smtp == ""

    monkeypatch.setattr(settings, "_notice_problems", lambda *_: ())

    assert settings.read_settings(tmp_path).notices.smtp == "mail.example.com:25"


def test_an_edited_company_is_believed_when_the_log_is_not_asked(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/transaction.py (one door)

    S42: whoever edits the records edits the digest of them, too.
    """
    tamper(records, "DELETE FROM item WHERE id = 'helper'")
    with records.begin() as tx:
        digest = digest_of(worlds.kept(tx.session))
    tamper(records, "UPDATE store SET world = ?", digest)
    with pytest.raises(IntegrityError), records.begin() as tx:
        tx.world()

    monkeypatch.setattr(SqlTransaction, "_check_logged", lambda *_: None)

    with records.begin() as tx:
        assert IdentityId("helper") not in tx.world().identities


def test_what_a_target_says_reaches_a_terminal_when_it_is_not_made_harmless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/action/targets.py
    removes: govagents/domain/outcome.py

    S38 S72: with the password in its address.
    """
    said = TargetRefusedError("\x1b[2Jno: postgres://user:secret@host/db")
    harmless = targets.harmless(said)
    assert "\x1b" not in harmless
    assert "secret" not in harmless

    monkeypatch.setattr(targets, "harmless", str)

    assert "secret" in targets.harmless(said)


def test_trust_is_made_up_when_something_stands_in_for_what_no_source_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/domain/observation.py"""
    look = Look(Topic.IDENTITY, Source.DIRECTORY, NINE)
    assert look.says("trust", None).trust is Trust.UNKNOWN
    shipped = Look.says

    monkeypatch.setattr(
        Look, "says", lambda self, field, value: shipped(self, field, value or "50")
    )

    assert look.says("trust", None).trust is Trust.FACT


@pytest.mark.parametrize("secure", [True, False])
def test_erased_words_stay_readable_in_the_file_when_nothing_overwrites_them(
    secure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/engine.py (without it, erased words)"""
    if not secure:
        kept = tuple(each for each in engine._PRAGMAS if "secure_delete" not in each)
        monkeypatch.setattr(engine, "_PRAGMAS", (*kept, "PRAGMA secure_delete = OFF"))
    store = create_records(tmp_path / "store", demo=True, at=NINE)
    words = "a secret that must not stay " * 20
    with store.begin() as tx:
        said = tx.requests.add(ANA, None, NINE, words)
    with store.begin() as tx:
        assert isinstance(tx.requests, SqlRequests)
        tx.requests.erase(said.id)
    store.close()

    lying = b"".join(path.read_bytes() for path in (tmp_path / "store").iterdir())

    assert (b"a secret that must not stay" in lying) is not secure


def test_what_an_earlier_release_gave_lasts_when_its_store_is_not_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/earlier.py"""
    place = earlier(tmp_path)
    monkeypatch.setattr(kept_records, "bring_up", lambda _: 5)
    with pytest.raises(ConfigurationError, match="this release reads"):
        open_records(place, unsigned=True)

    monkeypatch.undo()
    open_records(place, unsigned=True).close()


def test_a_grant_cannot_be_ended_when_a_made_up_row_stands_in_its_way(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/grants.py (a row that the log does not know)"""
    given = grant(RequestId("req_aaaaaa"), Status.ACTIVE)
    with records.begin() as tx:
        keep(tx, given)
    tamper(records, "UPDATE \"grant\" SET id = 'gr_forged'")
    over = replace(given, status=Status.REVOKE_FAILED, cause="expired", attempts=1)
    monkeypatch.setattr(GrantRows, "make_way", lambda *_: None)
    with pytest.raises(sqlalchemy.exc.IntegrityError), records.begin() as tx:
        tx.grants.save(over)

    monkeypatch.undo()
    with records.begin() as tx:
        tx.grants.save(over)


def test_erased_words_can_be_guessed_when_their_vector_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/vectors.py"""
    embedder = LexicalHash()
    vectors = Vectors(tmp_path / "vectors.sqlite", embedder)
    (guess,) = embedder.vectors(["what she said about her pay"])
    request = RequestId("req_aaaaaa")
    vectors.put([Entry(request, "digest", guess)])
    monkeypatch.setattr(Vectors, "drop", lambda *_: None)
    vectors.drop([request])
    assert vectors.nearest(guess, {request}, 1) == (Hit(request, 100),)

    monkeypatch.undo()
    vectors.drop([request])
    assert vectors.nearest(guess, {request}, 1) == ()


def test_what_was_changed_stops_the_check_when_a_column_is_believed_to_hold_bytes(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/columns.py

    S42: nobody is told that the finding was changed, for it cannot even be hashed.
    """
    name = RequestId("req_aaaaaa")
    with records.begin() as tx:
        tx.findings.add(name, "proposal", b"{}")
    tamper(records, "UPDATE finding SET body = 7")
    with records.begin() as tx:
        assert sha256(tx.findings.latest(name, "proposal") or b"").hexdigest()

    monkeypatch.setattr(Blob, "process_result_value", lambda _self, value, _dialect: value)

    with (
        closing(open_records(records.folder)) as opened,
        opened.begin() as tx,
        pytest.raises(TypeError),
    ):
        sha256(tx.findings.latest(name, "proposal") or b"")


def test_a_request_has_two_live_grants_when_no_row_settles_that_there_is_one(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/run.py (exactly one effect)

    S64: two processes at one request, and both give.
    """
    request, ids = RequestId("req_aaaaaa"), ("gr_aaaaaa", "gr_bbbbbb")
    monkeypatch.setattr(SqlGrants, "of_request", lambda *_: ())
    with records.begin() as tx:
        tx.grants.add(grant(request, name=ids[0]))
    with pytest.raises(sqlalchemy.exc.IntegrityError), records.begin() as tx:
        tx.grants.add(grant(request, name=ids[1]))

    tamper(records, "DROP INDEX one_live")

    with records.begin() as tx:
        tx.grants.add(grant(request, name=ids[1]))
        live = tx.session.connection().exec_driver_sql('SELECT id FROM "grant" WHERE live')
        assert sorted(name for (name,) in live) == sorted(ids)


@pytest.mark.parametrize("line", ["shipped", "taken away"])
def test_what_a_target_said_is_in_a_span_when_its_words_stand_for_a_code(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/traces.py (a span holds names and codes)
    removes: govagents/domain/span.py

    S38 S73: a file that a collector reads and sends away.
    """
    if line == "taken away":
        monkeypatch.setattr(TargetRefusedError, "code", property(str))
    call = Call("revoke", "taking", SystemId("s"), GrantId("gr_1"), RequestId("req_1"), "ev_1")
    spans = Spans(MachineClock(), tmp_path / "traces.jsonl")

    with pytest.raises(TargetRefusedError), spans.span(call):
        raise TargetRefusedError("password=hunter2")

    assert ("hunter2" in (tmp_path / "traces.jsonl").read_text()) is (line == "taken away")


NESTED = """
import pathlib, sys, tempfile, yaml
from govagents.adapters.world import parse
from govagents.adapters.world.problems import Problems
if sys.argv[1] == "without":
    parse.yaml.SafeLoader = yaml.CSafeLoader
path = pathlib.Path(tempfile.mkdtemp()) / "sod.yaml"
path.write_text("[" * 100_000)
problems = Problems()
parse.read_yaml(path, problems)
"""


def test_deep_nesting_takes_the_process_with_it_when_the_faster_loader_reads() -> None:
    """removes: govagents/adapters/world/parse.py"""
    ended = {
        how: subprocess.run(
            [sys.executable, "-c", NESTED, how], capture_output=True, check=False
        ).returncode
        for how in ("with", "without")
    }

    assert ended["with"] == 0
    assert ended["without"] < 0


@pytest.mark.parametrize("line", ["shipped", "taken away"])
def test_a_planted_view_runs_a_function_when_the_schema_is_trusted(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/engine.py (a planted view)

    S64: whoever writes the file chooses what is called, with what the process may do.
    """
    if line == "taken away":
        kept = tuple(each for each in engine._PRAGMAS if "trusted_schema" not in each)
        monkeypatch.setattr(engine, "_PRAGMAS", kept)
    called: list[int] = []
    file = tmp_path / "planted.db"
    with closing(sqlite3.connect(file)) as planted:
        planted.execute("CREATE VIEW harmless AS SELECT harm()")
    with engine.open_engine(file).connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.create_function("harm", 0, lambda: called.append(1))
        with suppress(sqlalchemy.exc.OperationalError):
            connection.exec_driver_sql("SELECT * FROM harmless").fetchall()

    assert called == ([] if line == "shipped" else [1])
