"""What the shell is told: the one table from outcomes and errors to exit codes.

Rules:
1. 0 done · 1 error · 2 the command line or its input is wrong · 3 denied · 4 needs information, or
   nothing in the catalog matches · 5 still pending · 6 blocked by the guard.
2. An error's code is that of the nearest class in its ancestry; a class without one is 1.
3. A denial is not an error: it comes from a status or an outcome, never from an exception.
"""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from govagents.domain.request import Status
from govagents.errors import GovAgentsError, GuardError, InputError


class Exit(IntEnum):
    """(1)."""

    OK = 0
    ERROR = 1
    USAGE = 2
    DENIED = 3
    NEEDS_INFORMATION = 4
    PENDING = 5
    BLOCKED = 6


OF_ERROR: Mapping[type[GovAgentsError], Exit] = MappingProxyType(
    {
        GovAgentsError: Exit.ERROR,
        InputError: Exit.USAGE,
        GuardError: Exit.BLOCKED,
    }
)

OF_STATUS: Mapping[Status, Exit] = MappingProxyType(
    {
        Status.DRAFT: Exit.OK,
        Status.NEEDS_INFO: Exit.NEEDS_INFORMATION,
        Status.PENDING: Exit.PENDING,
        Status.APPROVED: Exit.OK,  # decided; it starts by itself when its time comes
        Status.ACTIVATING: Exit.PENDING,
        Status.ACTIVE: Exit.OK,
        Status.EXPIRING: Exit.OK,
        Status.EXPIRED: Exit.OK,
        Status.REVOKING: Exit.OK,
        Status.REVOKED: Exit.OK,
        Status.REVOKE_FAILED: Exit.ERROR,
        Status.DENIED: Exit.DENIED,
        Status.RETURNED: Exit.NEEDS_INFORMATION,
        Status.CANCELLED: Exit.ERROR,
        Status.LAPSED: Exit.PENDING,  # nobody ever decided
        Status.BLOCKED: Exit.BLOCKED,
    }
)


def of_error(error: GovAgentsError) -> Exit:
    """(2) The exit code of an error.

    >>> from govagents.errors import StaleDecisionError, UnknownNameError
    >>> of_error(UnknownNameError("no such role")), of_error(StaleDecisionError("moved"))
    (<Exit.USAGE: 2>, <Exit.ERROR: 1>)
    """
    return next(OF_ERROR[kind] for kind in type(error).__mro__ if kind in OF_ERROR)
