"""The attacker can write the checkpoint file. He wants the process that reads it to run his code.

LangGraph's serializer rebuilds objects by importing a module and calling a name in it; left as it
comes, a forged row runs any callable (S64). Ours rebuilds the domain's own types and nothing else.
"""

import dataclasses
from pathlib import Path
from typing import get_type_hints

import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import EXT_CONSTRUCTOR_SINGLE_ARG, JsonPlusSerializer

from govagents.adapters.checkpoints import allowed_types, serializer
from govagents.domain.view import View
from govagents.findings import encode
from govagents.state import RequestState
from govagents.testing.company import Company


def forged(target: Path) -> tuple[str, bytes]:
    """What a checkpoint holds to make its reader create the folder `target`."""
    call = ormsgpack.packb(("os", "mkdir", str(target)))
    return "msgpack", ormsgpack.packb(ormsgpack.Ext(EXT_CONSTRUCTOR_SINGLE_ARG, call))


def test_a_forged_checkpoint_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "made by the attacker"

    serializer().loads_typed(forged(target))

    assert not target.exists()


@pytest.mark.filterwarnings("ignore")
def test_a_forged_checkpoint_runs_what_it_likes_with_the_serializer_as_it_comes(
    tmp_path: Path,
) -> None:
    """The harm without the allow-list.

    removes: govagents/adapters/checkpoints.py
    """
    target = tmp_path / "made by the attacker"

    JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(forged(target))

    assert target.exists()


def test_every_type_of_the_state_comes_back_as_itself(company: Company) -> None:
    """S64: strict reading loses nothing that a run needs."""
    asked: View = company.ask("samuel.adeyemi", "Redrive the tracking dlq, 2h")
    serde = serializer()
    values = [
        getattr(asked, field.name)
        for field in dataclasses.fields(asked)
        if field.name in get_type_hints(RequestState)
    ]

    for value in values:
        back = serde.loads_typed(serde.dumps_typed(value))
        assert type(back) is type(value)
        assert encode(back) == encode(value)


def test_nothing_but_the_domain_may_come_out_of_a_checkpoint() -> None:
    modules = {each.__module__ for each in allowed_types()}

    assert modules
    assert {module for module in modules if not module.startswith("govagents.domain.")} == set()
