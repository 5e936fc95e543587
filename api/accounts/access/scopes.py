"""What a caller may be allowed to do. A key is given scopes one by one; a person has those of their roles."""

from __future__ import annotations

SCOPES: dict[str, str] = {
    "matters:read": "Read matters and their facts",
    "matters:write": "Make matters and save versions of their facts",
    "matters:erase": "Erase matters for good",
    "assessments:read": "Read outcomes and deadlines; with matters:read also answers, which tell facts",
    "assessments:write": "Assess: of record, as a preview, in batches",
    "webhooks:manage": "Register and change webhook endpoints",
    "audit:read": "Read the audit chain",
    "keys:manage": "Issue and revoke API keys",
    "people:manage": "Invite people and change their roles",
    "training:run": "Hold training sessions",
}
