"""The store as a folder: who may read it, when it is refused, and what a unit of work keeps."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest

from govagents.adapters.sql import engine
from govagents.adapters.sql.records import (
    KEY,
    SqlRecords,
    create_records,
    open_records,
)
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.adapters.sql.store import SCHEMA
from govagents.errors import ConfigurationError, IntegrityError, StateError
from tests.unit.adapters.stores import ANA, NINE, event, store_in, tamper


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    store = store_in(tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_store_is_its_owners_alone_when_the_umask_is_anything(
    tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        store = store_in(tmp_path)
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.folder.iterdir()}
    store.close()

    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert {modes[DATABASE], modes[KEY]} == {0o600}
    assert set(modes.values()) == {0o600}


def test_a_store_is_refused_when_others_may_write_to_it(tmp_path: Path) -> None:
    store_in(tmp_path).close()
    (tmp_path / "store").chmod(0o770)

    with pytest.raises(ConfigurationError, match="chmod go-rwx"):
        open_records(tmp_path / "store")


def test_a_folder_is_refused_when_it_is_open_to_others(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "letters").write_text("private")
    (tmp_path / "store").chmod(0o755)

    with pytest.raises(ConfigurationError, match="chmod 700"):
        store_in(tmp_path)


def test_making_a_store_is_refused_when_there_is_one(records: SqlRecords) -> None:
    with pytest.raises(StateError, match="already"):
        create_records(records.folder, demo=False, at=NINE)

    assert records.demo


def test_a_store_is_finished_when_making_it_was_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("govagents.adapters.sql.engine.seal_log", _crash)
        with pytest.raises(KeyboardInterrupt):
            store_in(tmp_path)

    with pytest.raises(ConfigurationError, match="never finished"):
        open_records(tmp_path / "store")
    store = store_in(tmp_path)

    assert store.demo
    store.close()


def test_a_store_of_another_schema_is_refused_with_what_to_do(records: SqlRecords) -> None:
    tamper(records, "UPDATE store SET schema = ?", SCHEMA + 1)

    with pytest.raises(
        ConfigurationError,
        match=rf"schema {SCHEMA + 1}, this release reads {SCHEMA}: use the release",
    ):
        open_records(records.folder)


def test_nothing_is_opened_when_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="govagents init"):
        open_records(tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", [None, b"c2hvcnQ=\n", b"A" * 43 + b"=\n"])
def test_a_store_is_refused_when_the_logs_key_is_gone_or_another(
    records: SqlRecords, key: bytes | None
) -> None:
    (records.folder / KEY).unlink()
    if key is not None:
        (records.folder / KEY).write_bytes(key)

    with pytest.raises(ConfigurationError, match="restore it from a copy"):
        open_records(records.folder)


def test_a_damaged_file_is_named_as_such(records: SqlRecords) -> None:
    records.close()
    file = records.folder / DATABASE
    file.write_bytes(b"not a database at all" * 200)

    with pytest.raises(IntegrityError, match="damaged"):
        open_records(records.folder)


def test_nothing_is_kept_when_a_unit_of_work_fails(records: SqlRecords) -> None:
    with suppress(ZeroDivisionError), records.begin() as tx:
        tx.requests.add(ANA, None, NINE, "words")
        tx.log.append(event())
        tx.bump()
        raise ZeroDivisionError

    with records.begin() as tx:
        assert (tx.requests.list(), tx.log.size(), tx.version()) == ((), 1, 0)


def test_a_second_unit_joins_the_first_when_one_is_open_in_the_thread(records: SqlRecords) -> None:
    with records.begin() as outer, records.begin() as inner:
        inner.bump()

        assert inner is outer

    with records.begin() as tx:
        assert tx.version() == 1


def test_the_whole_unit_fails_when_a_joined_one_failed_and_was_caught(records: SqlRecords) -> None:
    def work() -> None:
        with records.begin() as outer:
            outer.bump()
            with suppress(ZeroDivisionError), records.begin():
                raise ZeroDivisionError

    with pytest.raises(StateError, match="nothing of it was kept"):
        work()

    with records.begin() as tx:
        assert tx.version() == 0


def test_no_change_is_lost_when_threads_write_at_once(records: SqlRecords) -> None:
    start = Barrier(4)

    def work() -> None:
        start.wait()
        for _ in range(10):
            with records.begin() as tx:
                tx.bump()
                tx.log.append(event())

    _together(*[work] * 4)

    with records.begin() as tx:
        assert (tx.version(), tx.log.size()) == (40, 41)


def test_writers_collide_when_they_do_not_begin_immediately(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away: a deferred transaction finds what it read outdated when it writes."""
    monkeypatch.setattr(engine, "_begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    unguarded = open_records(records.folder)
    read, failures = Barrier(2), []

    def work() -> None:
        try:
            with unguarded.begin() as tx:
                tx.version()
                read.wait()
                tx.bump()
        except StateError as error:
            failures.append(str(error))

    _together(work, work)
    unguarded.close()

    assert len(failures) == 1


def test_the_store_is_busy_when_another_process_holds_it(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0)
    impatient = open_records(records.folder)

    with records.begin(), pytest.raises(StateError, match="busy"), impatient.begin():
        pytest.fail("two at once")
    impatient.close()


def test_a_time_without_a_zone_is_not_kept(records: SqlRecords) -> None:
    with pytest.raises(Exception, match="without a zone"), records.begin() as tx:
        tx.notify(ANA, "req_1", "text", datetime(2026, 11, 23))  # noqa: DTZ001  # that is the point


@pytest.mark.parametrize("value", [False, True, None])
def test_demo_cannot_be_set_once_the_store_is_made(records: SqlRecords, value: bool | None) -> None:
    with pytest.raises(StateError, match="fixed"), records.begin() as tx:
        tx.settings.set("demo", value)

    assert records.demo


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


def _together(*work: object) -> None:
    threads = [Thread(target=each) for each in work]  # type: ignore[arg-type]  # callables all
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
