"""Where the record is, as somebody says it: what is refused, and what an address leaves open."""

from pathlib import Path

import pytest
from psycopg import conninfo

from govagents.adapters.sql import postgres
from govagents.adapters.sql.choosing import ADDRESS, database_of, new_database
from govagents.adapters.sql.postgres import settled
from govagents.adapters.sql.sqlite_file import DATABASE
from govagents.errors import ConfigurationError, InputError

PLAIN = "postgresql://keeper@db.example.org:5433/store"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://keeper:s3cret@db.example.org/store", "holds a password"),
        ("host=db.example.org dbname=store user=keeper password=s3cret", "holds a password"),
        ("postgresql://db.example.org/store", "says no user"),
        ("postgresql://keeper@db.example.org", "says no dbname"),
        ("dbname=store user=keeper", "says no host"),
        (f"{PLAIN}?passfile=pgpass", "needs its whole path"),
        ("sqlite:///s3cret", "is none of PostgreSQL"),
        ("", "says no host"),
    ],
)
def test_an_address_is_refused_when_it_tells_a_secret_or_leaves_too_much_open(
    address: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said) as refused:
        new_database(tmp_path, address)

    assert "s3cret" not in str(refused.value)
    assert not (tmp_path / ADDRESS).exists()


def test_a_password_lies_in_the_store_when_nobody_looks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """removes: govagents/adapters/sql/postgres.py (the address holds no password)"""
    monkeypatch.setattr(postgres, "_SECRET", ())

    new_database(tmp_path, "postgresql://keeper:s3cret@db.example.org/store")

    assert "s3cret" in (tmp_path / ADDRESS).read_text(encoding="utf-8")


def test_what_an_address_leaves_open_is_settled() -> None:
    """Nothing that matters is left to the environment, nor to what the server or account say."""
    found = conninfo.conninfo_to_dict(settled(PLAIN))

    assert (found["host"], found["port"], found["dbname"]) == ("db.example.org", "5433", "store")
    assert (found["sslmode"], found["hostaddr"]) == ("verify-full", "")
    assert found["target_session_attrs"] == "read-write"
    for each in ("synchronous_commit=on", "lock_timeout=10s", "search_path=govagents,pg_temp"):
        assert f"-c {each}" in str(found["options"])


@pytest.mark.parametrize("name", ["options", "target_session_attrs", "application_name"])
def test_what_is_settled_stays_so_when_an_address_says_otherwise(name: str) -> None:
    theirs = conninfo.conninfo_to_dict(settled(conninfo.make_conninfo(PLAIN, **{name: "any"})))

    assert theirs == conninfo.conninfo_to_dict(settled(PLAIN))


def test_a_service_says_the_rest_and_tls_is_verified_all_the_same() -> None:
    found = conninfo.conninfo_to_dict(settled("service=records"))

    assert (found["service"], found["sslmode"], "host" in found) == (
        "records",
        "verify-full",
        False,
    )


def test_a_folder_with_two_databases_is_refused(tmp_path: Path) -> None:
    new_database(tmp_path, PLAIN)
    assert database_of(tmp_path).in_folder is False
    assert (tmp_path / ADDRESS).stat().st_mode & 0o777 == 0o600
    (tmp_path / DATABASE).touch()

    with pytest.raises(ConfigurationError, match="has two databases"):
        database_of(tmp_path)
