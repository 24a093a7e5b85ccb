"""Small lines of defence, each taken away, and the harm seen (S38 S42 S72 S78)."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy.exc

from govagents import settings
from govagents.action import targets
from govagents.adapters.embedders.lexical_hash import LexicalHash
from govagents.adapters.sql import engine, worlds
from govagents.adapters.sql import records as kept_records
from govagents.adapters.sql.grant_rows import GrantRows
from govagents.adapters.sql.records import SqlRecords, create_records, open_records
from govagents.adapters.sql.requests import SqlRequests
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.adapters.vectors import Entry, Hit, Vectors
from govagents.adapters.world.items import digest_of
from govagents.audit import trail, verify, walk
from govagents.audit.checkpoint import Signer
from govagents.audit.trail import leaf_of
from govagents.audit.tree import Node
from govagents.audit.verify import Outside, Stored
from govagents.domain.event import Event
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.observation import Look, Source, Topic, Trust
from govagents.domain.request import Status
from govagents.domain.text import Untrusted
from govagents.errors import ConfigurationError, IntegrityError, TargetRefusedError
from tests.unit.adapters.stores import ANA, NINE, grant, keep, stocked, tamper
from tests.unit.adapters.test_earlier import earlier
from tests.unit.audit.tamperable import KEEPER, STRANGER, Log, thirteen

ANONYMOUS = Event(
    "grant.applied", datetime(2026, 11, 23, tzinfo=UTC), "provisioner", "", "ana", "gr_1", "none",
    "none", "permit", "none", timedelta(hours=1), {}, accountable="ana",
)  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(stocked(tmp_path)) as store:
        yield store


def rewritten() -> Log:
    """By a stranger, with another key laid beside it."""
    log = thirteen()
    log.leaves[5] = b"changed"
    log.rebuild()
    log.sign(STRANGER)
    return log


def test_a_rewritten_log_passes_when_the_stores_key_stands_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/audit/verify.py"""
    outside = Outside(key=KEEPER.key)
    assert not rewritten().check(outside, key=STRANGER.key).ok
    shipped = verify._open

    def of_the_store(stored: Stored, outside: Outside) -> object:
        return shipped(stored, replace(outside, key=None))

    monkeypatch.setattr(verify, "_open", of_the_store)

    assert rewritten().check(outside, key=STRANGER.key).ok


def test_a_forged_level_ends_the_check_when_it_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/audit/walk.py"""
    forged = [Node("x", 0, b"")]  # type: ignore[arg-type]  # a column may hold anything
    assert not verify.verify(replace(thirteen().stored(), nodes=forged), Outside()).ok

    monkeypatch.setattr(walk, "_is_number", lambda *_: True)
    monkeypatch.setattr(walk, "_LEVELS", {"x"})

    with pytest.raises(TypeError):
        verify.verify(replace(thirteen().stored(), nodes=forged), Outside())


def test_a_printed_signer_gives_the_key_away_when_the_seed_is_a_field_like_others() -> None:
    """removes: govagents/audit/checkpoint.py (a printed signer)

    Taken away by declaring the field anew, as one would without the line.
    """

    @dataclass(frozen=True)
    class Bare(Signer):
        seed: bytes = field()

    bare = Bare(KEEPER.name, KEEPER.seed)

    assert repr(KEEPER.seed) not in repr(replace(KEEPER))
    assert repr(KEEPER.seed) in repr(bare)


def test_nobody_is_named_in_an_entry_when_no_field_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """removes: govagents/domain/event.py

    S42: who acted and on whose word would be left to whoever writes the entry.
    """
    with pytest.raises(IntegrityError, match="principal"):
        leaf_of(ANONYMOUS)

    monkeypatch.setattr(trail, "_TEXTS", ())

    assert b'"principal":""' in leaf_of(ANONYMOUS)


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
    harmless = targets._harmless(said)
    assert "\x1b" not in harmless
    assert "secret" not in harmless

    monkeypatch.setattr(targets, "_harmless", str)

    assert "secret" in targets._harmless(said)


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
