"""One task: what a request gave, with all that it extends and that extends it.

What cannot be read is left out: it keeps nothing else from ending.
"""

from collections.abc import Iterator
from contextlib import suppress

from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RequestId
from govagents.domain.request import Extension
from govagents.errors import GovAgentsError
from govagents.findings import latest
from govagents.ports import Transaction

EXTENSION = "extension"
"""Under which name it is kept that a request is for more time."""


def extension_of(tx: Transaction, request: RequestId) -> Extension | None:
    """What a request extends; unchecked, for showing and for ending."""
    return latest(tx, request, EXTENSION, Extension)


def one_task(tx: Transaction, grant: Grant) -> frozenset[RequestId]:
    """The requests that were extended by one another, with that of `grant`."""
    links = dict(_links(tx, grant.beneficiary))
    found = {grant.request}
    grown = 0
    while grown != len(found):
        grown = len(found)
        found |= {links[each] for each in found if each in links}
        found |= {each for each, before in links.items() if before in found}
    return frozenset(found)


def _links(tx: Transaction, holder: IdentityId) -> Iterator[tuple[RequestId, RequestId]]:
    """Each request that extends another one, with that one."""
    for name in tx.grants.names(None, holder):
        with suppress(GovAgentsError):
            grant = tx.grants.get(name)
            extension = None if grant is None else extension_of(tx, grant.request)
            before = None if extension is None else tx.grants.get(extension.grant)
            if grant is not None and before is not None:
                yield grant.request, before.request
