"""A demo store is given a connector to something real.

Holds: an account on a machine where a connector is enabled, and the demo anybody may make. Wants:
to be anybody, with effect on a real target: in a demo store `--as` is believed. Does: enables the
connector in the demo store's settings and asks as whoever may.

Open: whoever may write the store's files is its operator, and may make a store of their own.
"""

from collections.abc import Mapping

import pytest

from govagents.adapters.connectors import Loaded, fingerprint, load_connectors
from govagents.adapters.sql import store
from govagents.errors import ConfigurationError, StateError
from govagents.settings import FILE
from govagents.testing.company import Company
from govagents.wiring import parts


@pytest.fixture
def loaded(company: Company, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The connectors that were loaded; the demo store's settings name a real one."""
    file = company.home / FILE
    file.write_text(
        file.read_text().replace(
            "[connectors]", f'[connectors]\npostgres = "{fingerprint("postgres")}"', 1
        )
    )
    names: list[str] = []

    def loading(enabled: Mapping[str, str]) -> Loaded:
        names.extend(enabled)
        return load_connectors(enabled)

    monkeypatch.setattr(parts, "load_connectors", loading)
    return names


def test_a_demo_store_with_a_real_connector_is_refused(company: Company, loaded: list[str]) -> None:
    """S44: nothing is given at all, and the connector's file is not even run."""
    with pytest.raises(ConfigurationError, match="loads no connector but `sim`"):
        company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")

    assert loaded == ["sim"]


def test_a_demo_store_reaches_a_real_target_without_the_shipped_line(
    company: Company, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: anybody is anybody, and the connector runs.

    removes: govagents/wiring/parts.py
    """
    shipped = parts.targets_of
    from govagents.wiring import opening  # noqa: PLC0415  # what is patched stands beside its use

    monkeypatch.setattr(
        opening, "targets_of", lambda settings, *, demo: shipped(settings, demo=False)
    )

    company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")

    assert "postgres" in loaded


def test_a_live_store_made_a_demo_is_refused(company: Company) -> None:
    """The other way round: whether a store is a demo was fixed when it was made."""
    with (
        pytest.raises(StateError, match="was fixed when the store was made"),
        company.app.records.begin() as tx,
    ):
        tx.settings.set("demo", True)


def test_a_live_store_becomes_a_demo_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a setting says whether anybody may be anybody.

    removes: govagents/adapters/sql/store.py
    """
    monkeypatch.setattr(store, "_FIXED", frozenset())

    with company.app.records.begin() as tx:
        tx.settings.set("demo", False)
        assert tx.settings.get("demo") is False
