"""Names of things, one type each, so that a role is never passed where an identity is meant."""

from typing import NewType

IdentityId = NewType("IdentityId", str)
SystemId = NewType("SystemId", str)
PermissionId = NewType("PermissionId", str)
RoleId = NewType("RoleId", str)
TicketId = NewType("TicketId", str)
RequestId = NewType("RequestId", str)
GrantId = NewType("GrantId", str)
