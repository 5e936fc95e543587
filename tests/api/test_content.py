"""Where the content is, and the cache of parsed documents: quick when right, never trusted when not."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.law import cache as cache_module
from api.law import content
from api.law.cache import DocumentCache
from api.law.content import content_folder, load_engine
from api.settings import Settings
from api.web import serving
from engine.assess import Engine
from engine.content.documents import read_path
from engine.errors import ContentProblems, InputProblems
from engine.facts.casefile import Case
from tests.api.support import ROOT, TOYLAND


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of Toyland to change, with a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(TOYLAND, tmp_path / "law"))


def kept(tmp_path: Path) -> Path:
    """The one file of parsed documents."""
    (found,) = (tmp_path / "cache" / "dedere").glob("documents-*")
    return found


def test_without_a_setting_the_repository_is_the_content() -> None:
    assert content_folder(Settings(content=None)) == ROOT


def test_an_installed_wheel_brings_its_own_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(TOYLAND, tmp_path / "_content")
    monkeypatch.setattr(content, "HERE", tmp_path)
    assert content_folder(Settings(content=None)) == tmp_path / "_content"


def test_the_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEDERE_CONTENT", str(TOYLAND))
    assert load_engine().pack.version == "toy"


def test_a_folder_that_is_named_but_empty_is_not_replaced_by_another(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="no rules/ and instruments/ are here"):
        content_folder(Settings(content=tmp_path))


def test_a_second_start_parses_nothing_and_gives_the_same_pack(law: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_engine(Settings(content=law)).pack
    monkeypatch.setattr("api.law.cache.read_bytes", lambda *_: pytest.fail("a file was parsed again"))
    second = load_engine(Settings(content=law)).pack
    assert second == first
    assert [one.line for one in second.criteria.values()] == [one.line for one in first.criteria.values()]


def test_the_cache_gives_what_the_real_content_gives(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path / "documents")
    paths = sorted((ROOT / "rules").rglob("*.yaml")) + sorted((ROOT / "instruments").rglob("*.yaml"))
    fresh = [cache.read(path) for path in paths]
    cache.keep()
    again = DocumentCache.of(ROOT)
    again.place = cache.place
    again.known = cache_module._read(cache.place)
    assert len(again.known) > len(paths) * 0.9
    for path, document in zip(paths, fresh, strict=True):
        assert again.read(path).data == document.data == read_path(path).data


def test_changed_content_is_read_anew(law: Path) -> None:
    load_engine(Settings(content=law))
    file = law / "rules" / "facts" / "toys.yaml"
    file.write_text(file.read_text("utf-8").replace("Is the mill feared?", "Is the mill dreaded?"), "utf-8")
    assert load_engine(Settings(content=law)).pack.vocabulary.facts["mill_feared"].question == "Is the mill dreaded?"


@pytest.mark.parametrize("damage", ["truncated", "flipped", "empty", "noise", "other version", "not json"])
def test_a_damaged_cache_is_rebuilt(law: Path, tmp_path: Path, damage: str) -> None:
    first = load_engine(Settings(content=law)).pack
    file = kept(tmp_path)
    whole = file.read_bytes()
    head, digest, body = whole.split(b"\n", 2)
    file.write_bytes(
        {
            "truncated": whole[: len(whole) // 2],
            "flipped": whole.replace(b"mill", b"hill"),
            "empty": b"",
            "noise": os.urandom(500),
            "other version": b"dedere documents 0\n" + digest + b"\n" + body,
            "not json": head + b"\n" + hashlib.sha256(b"[").hexdigest().encode() + b"\n[",
        }[damage]
    )
    assert load_engine(Settings(content=law)).pack == first
    assert kept(tmp_path).read_bytes() == whole


def change_an_effect(file: Path) -> None:
    """Change what a criterion means in the kept documents alone, as somebody does who knows their form."""
    head, _, body = file.read_bytes().split(b"\n", 2)
    changed = body.replace(b'"effect":"absolute_bar"', b'"effect":"optional_refusal"', 1)
    assert changed != body
    file.write_bytes(b"\n".join([head, hashlib.sha256(body := changed).hexdigest().encode(), body]))


def receipt_under(engine: Engine) -> str:
    return engine.assess(Case(reference="T-1"), date(2026, 1, 1)).receipt.digest


def test_H5_law_changed_in_the_cache_alone_gives_another_receipt(law: Path, tmp_path: Path) -> None:
    first = load_engine(Settings(content=law))
    assert receipt_under(load_engine(Settings(content=law))) == receipt_under(first)
    assert receipt_under(load_engine(Settings(content=law, cache=False))) == receipt_under(first)
    change_an_effect(kept(tmp_path))
    other = load_engine(Settings(content=law))
    assert other.pack.digest == first.pack.digest, "the files are the same"
    assert receipt_under(other) != receipt_under(first)


def test_H5_the_service_uses_no_law_that_somebody_without_the_master_key_changed(law: Path, tmp_path: Path) -> None:
    first = load_engine(Settings(content=law), b"k" * 32)
    change_an_effect(kept(tmp_path))
    again = load_engine(Settings(content=law), b"k" * 32)
    assert again.pack == first.pack


def test_H5_workers_that_read_changed_law_are_made_anew_from_the_files(
    law: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(content=law)
    engine = load_engine(settings)
    change_an_effect(kept(tmp_path))

    class Workers:
        def __init__(self, settings: Settings, law: str = "") -> None:
            self.law = load_engine(settings).pack.identity

        def close(self) -> None:
            self.law = "closed"

    monkeypatch.setattr(serving, "Chaining", Workers)
    wrong: Any = Workers(settings)
    assert wrong.law != engine.pack.identity
    assert serving.of_one_law(wrong, engine, settings).law == engine.pack.identity
    assert wrong.law == "closed"


def test_a_cache_that_others_can_write_is_not_used(law: Path, tmp_path: Path) -> None:
    first = load_engine(Settings(content=law)).pack
    file = kept(tmp_path)
    assert file.stat().st_mode & 0o077 == 0
    file.chmod(0o666)
    assert load_engine(Settings(content=law)).pack == first
    assert kept(tmp_path).stat().st_mode & 0o077 == 0


def test_no_cache_is_needed(law: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_engine(Settings(content=law)).pack.version == "toy"
    assert load_engine(Settings(content=law, cache=False)).pack.version == "toy"


def test_broken_content_is_never_cached(law: Path) -> None:
    file = law / "rules" / "toy-1900" / "all.yaml"
    whole = file.read_text("utf-8")
    file.write_text(whole.replace("when: broke_vase", "when: broke_vas"), "utf-8")
    for _ in range(2):
        with pytest.raises(ContentProblems, match=r"all\.yaml:\d+ .*Did you mean 'broke_vase'"):
            load_engine(Settings(content=law))
