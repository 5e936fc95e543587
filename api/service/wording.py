"""Putting records of assessments into words, under the law content they were made under.

The law in use, or a pack on the shelf: ``keep_law`` puts what is in use there too, so that records
that wait over an update of the law are still put into words.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from api.law.content import content_folder
from api.law.kept import replace_whole
from api.law.shelf import NoSuchPack, Shelf
from api.settings import Settings
from api.storage.errors import NoWords
from api.storage.store import Law, Words
from api.workers.onecase import read_json
from engine.answer.record import Record, worded
from engine.assess import Engine
from engine.content import packfile
from engine.content.digest import address_of


def words_under(shelf: Callable[[], Shelf]) -> Words:
    """What a store needs to put records into words; the shelf is asked for when the first one comes."""

    def words(law: Law, facts: bytes, record: bytes) -> bytes:
        try:
            engine = shelf().engine_for(law.rules, law.instruments)
        except NoSuchPack:
            raise NoWords("the version of the law content used for it is not installed here") from None
        return in_words(engine, facts, record)

    return words


def in_words(engine: Engine, facts: bytes, record: bytes) -> bytes:
    """The answer behind a record of these facts, both as JSON.

    Raises:
        EnginesDisagree: it would not be what was recorded.
    """
    return worded(engine, read_json(engine, facts), Record.model_validate_json(record)).model_dump_json().encode()


def keep_law(engine: Engine, settings: Settings) -> None:
    """Put the law content in use on the shelf, unless it is there; a folder that cannot be written is left alone."""
    if settings.packs is None:
        return
    place = settings.packs / f"dedere-{address_of(engine.pack)}.json"
    with suppress(OSError):
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            content = packfile.content_of(content_folder(settings), engine.pack.version)
            replace_whole(place, packfile.write(content)[1])
