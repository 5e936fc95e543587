"""Packs: the law content in use, and other versions of it that cases may be assessed under."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from pydantic import BaseModel, Field

from api.law.shelf import NoSuchPack, PackSaid
from api.web.calls import Call, needs
from api.web.gathering import recording
from api.web.parameters import only
from api.web.problems import Refused, fault

routes = recording(tags=["packs"])
Anyone = Annotated[Call, Depends(needs())]


class PackShown(BaseModel):
    """A pack: its address (version and digest), and the SHA-256 of both of its halves."""

    address: str
    version: str
    rules: str
    instruments: str
    in_use: bool = Field(description="Whether assessments are made under it unless another pack is named")


class PackList(BaseModel):
    """The packs of this installation, the one in use first."""

    packs: list[PackShown]


class PackContents(PackShown):
    """A pack, and how much is in it."""

    criteria: int
    facts: int
    register_entries: int = Field(description="Instruments of the register")
    authorities: int


@routes.get("/v1/packs", dependencies=[Depends(only())])
def listed(call: Anyone) -> PackList:
    """Packs under which a case can be assessed."""
    return PackList(packs=[_shown(one) for one in call.service.shelf.packs()])


@routes.get("/v1/packs/{address}", dependencies=[Depends(only())])
def one(call: Anyone, address: Annotated[str, Path(max_length=120, description="Address of a pack")]) -> PackContents:
    """One pack and how much is in it."""
    found = next((one for one in call.service.shelf.packs() if one.address == address), None)
    try:
        pack = call.service.shelf.engine(address).pack
    except NoSuchPack:
        pack = None
    if found is None or pack is None:
        raise Refused(404, [fault("there is no such pack", fix="See GET /v1/packs")])
    return PackContents(
        **_shown(found).model_dump(),
        criteria=len(pack.criteria),
        facts=len(pack.vocabulary.facts),
        register_entries=len(pack.instruments),
        authorities=len(pack.authorities),
    )


def _shown(said: PackSaid) -> PackShown:
    return PackShown(
        address=said.address,
        version=said.version,
        rules=said.rules,
        instruments=said.instruments,
        in_use=said.in_use,
    )
