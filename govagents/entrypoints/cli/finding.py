"""From what was typed to what is meant: requests, grants, roles, identities, by id or `--last`."""

import json
from collections.abc import Collection
from difflib import get_close_matches

from govagents.domain.grant import LIVE, Grant
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId
from govagents.entrypoints.cli.readable import waiting_for
from govagents.entrypoints.cli.session import Opened, Session
from govagents.errors import InputError, UnknownNameError
from govagents.ports import Transaction

_DECISIONS = frozenset({"decision", "guard_decision"})


def request_from(session: Opened, typed: str | None, *, last: bool) -> RequestId:
    """The request that is meant.

    Raises:
        InputError: neither or both were said.
        UnknownNameError: there is no such request.
    """
    _one_of(typed, last=last, noun="request")
    with session.records.begin() as tx:
        if typed is None:
            return _newest(tx.requests.list(), "request")
        known = tx.requests.get(RequestId(typed))
    if known is None:
        raise UnknownNameError(f"no request `{typed}`: `govagents request list` shows them")
    return known.id


def waiting_from(session: Session, typed: str | None, *, last: bool) -> RequestId:
    """The request that is meant; with `--last` the newest that waits for whoever speaks."""
    _one_of(typed, last=last, noun="request")
    if typed is not None:
        return request_from(session, typed, last=False)
    waiting = [view.request.id for view in waiting_for(session, session.speaker()).whole]
    return _newest(waiting, "request waiting for you")


def grant_from(session: Opened, typed: str | None, *, last: bool, live: bool = False) -> Grant:
    """The grant that is meant; `live` = `--last` counts only those that may still be held.

    Raises:
        InputError: neither or both were said.
        UnknownNameError: there is no such grant.
    """
    _one_of(typed, last=last, noun="grant")
    with session.records.begin() as tx:
        if typed is None:
            names = tx.grants.names(LIVE if live else None)
            typed = _newest(names, "live grant" if live else "grant")
        known = tx.grants.get(GrantId(typed))
    if known is None:
        raise UnknownNameError(f"no grant `{typed}`: `govagents grant list --all` shows them")
    return known


def request_behind(session: Session, typed: str | None, *, last: bool) -> RequestId:
    """The request behind a request, a grant or a decision.

    Raises:
        UnknownNameError: it is the id of none of them.
    """
    _one_of(typed, last=last, noun="request, grant or decision")
    with session.records.begin() as tx:
        requests = tx.requests.list()
        if typed is None:
            return _newest(requests, "request")
        grant = tx.grants.get(GrantId(typed))
        if grant is not None:
            return grant.request
        if typed in requests:
            return RequestId(typed)
        for request in requests:
            if typed in _evaluations(tx, request):
                return request
    raise UnknownNameError(f"no request, grant or decision `{typed}`: `govagents request list`")


def role_from(session: Opened, typed: str) -> RoleId:
    """A role of the catalog in force, by id.

    Raises:
        UnknownNameError: the catalog has none, or only similar ones.
    """
    roles = session.catalog().roles
    _known(typed, [*roles], "the catalog has no role", "`govagents catalog search WORDS` finds one")
    return RoleId(typed)


def identity_from(session: Opened, typed: str) -> IdentityId:
    """An identity of the company, by id.

    Raises:
        UnknownNameError: there is none.
    """
    identities = session.world().identities
    _known(typed, [*identities], "the company has no identity", "write the id as in its files")
    return IdentityId(typed)


def _evaluations(tx: Transaction, request: RequestId) -> set[str]:
    """The decisions on a request, by id, the guard's own included."""
    kept = (body for key, body in tx.findings.all(request) if key in _DECISIONS)
    return {json.loads(body).get("evaluation", "") for body in kept}


def _one_of(typed: str | None, *, last: bool, noun: str) -> None:
    if (typed is None) != last:
        raise InputError(f"name one {noun} by its id, or say `--last`")


def _newest(ids: "Collection[RequestId] | Collection[GrantId]", noun: str) -> RequestId:
    if not ids:
        raise UnknownNameError(f"there is no {noun}")
    return RequestId([*ids][-1])


def _known(typed: str, names: Collection[str], lacks: str, hint: str) -> None:
    if typed in names:
        return
    near = get_close_matches(typed, names, n=3, cutoff=0.6)
    meant = f": did you mean {', '.join(f'`{name}`' for name in near)}?" if near else f": {hint}"
    raise UnknownNameError(f"{lacks} `{typed}`{meant}")
