"""`govagents request proof`: the proof of a request as files that anybody can check elsewhere.

Rules:
1. What is written is what was solved over. Where the catalog or the weights in force are others by
   now, nothing is written.
2. A folder that holds something is never written to.
3. The verdict is the checker's on the files as written, not on what they were written from.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govagents.entrypoints.cli.options import (
    AsOption,
    Common,
    HomeOption,
    JsonOption,
    LastOption,
    NowOption,
    RequestArgument,
)
from govagents.errors import StateError

if TYPE_CHECKING:
    from govagents.domain.proposal import Proposal
    from govagents.domain.view import View
    from govagents.entrypoints.cli.output import Line
    from govagents.entrypoints.cli.session import Session


def proof(
    context: typer.Context,
    request_id: RequestArgument = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Where to; else a folder named as the request."),
    ] = None,
    last: LastOption = False,
    home: HomeOption = None,
    as_: AsOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the proof that no smaller set would do, as files that are checked without us."""
    from govagents.entrypoints.cli.exits import Exit
    from govagents.entrypoints.cli.finding import request_from
    from govagents.entrypoints.cli.session import open_session
    from govagents.solver.check.folder import check_folder

    session = open_session(context, Common(home, as_, now, as_json))
    view = session.app.runner.view(request_from(session, request_id, last=last))
    proposal = _proved(view)
    folder = to or Path(view.request.id)
    _write(folder, dict(_texts(session, view.request.id, proposal)))
    faults = [*check_folder(folder), *_another_set(proposal)]  # (3)
    _answer(session, proposal, folder, faults)
    if not as_json:
        session.screen.next(_command(folder), session.look("why", view.request.id))
    return Exit.ERROR if faults else Exit.OK


def _proved(view: "View") -> "Proposal":
    proposal, request = view.proposal, view.request.id
    if proposal is None or proposal.proof.certificate is None:
        raise StateError(
            f"`{request}` has no certificate to write: `govagents why {request}` says how far it is"
        )
    return proposal


def _texts(session: "Session", request: str, proposal: "Proposal") -> Iterator[tuple[str, str]]:
    """Each file's name and text.

    Raises:
        StateError: the proof is about another catalog or other weights than now.
    """
    proof, weights = proposal.proof, session.app.guard.proof.weights
    catalog = session.catalog()
    _same(request, "catalog", proof.catalog, catalog.digest)
    _same(request, "weights", proof.weights, weights.digest)
    yield "catalogue.json", _pretty(catalog.plain())
    yield "weights.json", _pretty(weights.to_json())
    yield "problem.json", _pretty(json.loads(proof.problem))
    yield "certificate.json", _pretty(_certificate(proposal))


def _certificate(proposal: "Proposal") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(proposal.proof.certificate or "{}")
    return found


def _same(request: str, what: str, solved: str, current: str) -> None:  # (1)
    if solved != current:
        raise StateError(
            f"`{request}` was proved for {what} {solved[:12]}, and {current[:12]} is in force now: "
            "its proof says nothing about that; ask again for one that does"
        )


def _another_set(proposal: "Proposal") -> Iterator[str]:
    proved = _certificate(proposal)["roles"] or []
    if proved != [*proposal.roles]:
        yield f"it is about {', '.join(proved)}, which is not what the request proposes"


def _pretty(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True) + "\n"


def _write(folder: Path, texts: Mapping[str, str]) -> None:  # (2)
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise StateError(f"`{folder}` holds something already: name another folder with `--to`")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        with (folder / name).open("x", encoding="utf-8") as file:
            file.write(text)


def _command(folder: Path) -> str:
    """What anybody can run, with nothing of ours or anybody's loaded."""
    from govagents.entrypoints.cli.hints import quoted
    from govagents.solver import check

    return quoted(["python3", "-I", "-S", str(Path(check.__file__).parent), str(folder)])


def _answer(session: "Session", proposal: "Proposal", folder: Path, faults: list[str]) -> None:
    if not session.screen.json:
        session.screen.facts([*_facts(proposal, folder, faults)])
        return
    session.screen.data(
        {
            "folder": str(folder),
            "files": sorted(path.name for path in folder.iterdir()),
            "accepted": not faults,
            "faults": faults,
            "next": _command(folder),
        }
    )


def _facts(proposal: "Proposal", folder: Path, faults: list[str]) -> "Iterator[tuple[str, Line]]":
    from govagents.entrypoints.cli.output import Tone, Toned

    yield "written to", str(folder)
    yield "needs", ", ".join(proposal.needs)
    claim = f"no sufficient set has less excess weight than {', '.join(proposal.roles)}"
    yield (
        "claim",
        f"{claim} ({proposal.proof.excess_weight})" if proposal.roles else "none suffices",
    )
    if not faults:
        yield "checker", Toned("accepted", Tone.GOOD)
    for fault in faults:
        yield "checker", Toned(f"refused: {fault}", Tone.BAD)
