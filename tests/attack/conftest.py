"""Attacks run against the same company as journeys."""

import gzip
import shutil
from datetime import UTC, datetime

import pytest

from govagents.domain.ids import IdentityId
from govagents.testing.company import Company
from tests.journey.conftest import WORLD, company, granted, holding, made

__all__ = ["company", "full", "granted", "holding", "made"]


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Something in every table: one request given, one denied with a reason, one waiting.

    Of the usage figures there are few, because they are read whenever a store is verified.
    """
    place = tmp_path_factory.mktemp("full")
    shutil.copytree(WORLD, place / "halden")
    with gzip.open(WORLD / "usage.csv.gz", "rt") as usage:
        few = usage.readlines()[:200]
    with gzip.open(place / "halden" / "usage.csv.gz", "wt") as usage:
        usage.writelines(few)
    company = Company.made(place / "store", place / "halden")
    company.approve(company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h"), "arjun.mehta")
    refused = company.ask("wei.zhang", "restart rtm gw, INC-4414, 1h")
    company.deny(refused, "carlos.ibarra", "no")
    company.ask("viktor.horvath", "INC-4408: look at and requeue the nordkraft edi msgs, 4h")
    with company.app.records.begin() as tx:
        tx.notify(IdentityId("wei.zhang"), "req_1", "told", datetime(2026, 11, 23, 9, tzinfo=UTC))
    return company.restarted()
