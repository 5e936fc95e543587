"""T25: the catalogues: up to date, complete where they must be, with the same placeholders, and read safely."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from api.documents.language import compiled
from api.documents.language.catalogues import LANGUAGES, REVIEWED
from api.documents.language.law_texts import law_texts
from engine.content.models import Pack
from scripts.messages.checking import faults
from scripts.messages.extracting import law_messages, page_messages
from scripts.messages.updating import PoFile, brought_up_to_date, po_bytes, translated
from tests.languages.conftest import ROOT

TRANSLATED = [name for name in LANGUAGES if name != "en"]


@pytest.fixture(scope="module")
def pages() -> Catalog:
    """The messages of pages and memos as they stand in the code now."""
    return page_messages(ROOT)


@pytest.fixture(scope="module")
def law() -> Catalog:
    """The texts of the law content as they stand now."""
    return law_messages(ROOT)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_of_pages_and_memos_is_translated_with_the_same_placeholders(
    language: str, pages: Catalog
) -> None:
    file = PoFile(ROOT, language, "pages")
    assert faults(file, brought_up_to_date(file, pages)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_law_catalogues_are_up_to_date(language: str, law: Catalog) -> None:
    file = PoFile(ROOT, language, "law")
    assert faults(file, brought_up_to_date(file, law)) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_all_law_content_is_said_in_every_language(language: str, law: Catalog) -> None:
    file = PoFile(ROOT, language, "law")
    wanted = brought_up_to_date(file, law)
    assert [message.context for message in wanted if message.id and not translated(message)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_law_catalogues_say_that_no_lawyer_has_reviewed_them(language: str) -> None:
    said = PoFile(ROOT, language, "law").path.read_text("utf-8").split("msgid")[0]
    assert ("not been reviewed by a lawyer" in said) == (language not in REVIEWED)


def test_every_message_of_the_memo_is_found_in_the_code(pages: Catalog) -> None:
    found = {message.id for message in pages if isinstance(message.id, str)}
    assert {"Brief answer", "inadmissible", "in force for {state} since {day}", "Memorandum on extradition"} <= found


def test_every_place_of_the_law_content_is_named_once(pack: Pack) -> None:
    places = [entry.context for entry in law_texts(pack)]
    assert len(places) == len(set(places))
    assert "criterion/cat.art03_core/met" in places


@pytest.mark.parametrize("language", TRANSLATED)
def test_treaties_have_the_titles_that_the_register_gives_in_the_language(language: str, pack: Pack) -> None:
    catalog = PoFile(ROOT, language, "law").read()
    for instrument in pack.instruments.values():
        official = instrument.other_titles.get(language)
        found = catalog.get(instrument.title, f"instrument/{instrument.id}/title")
        if official and found is not None and found.string:
            assert str(found.string).startswith(official), instrument.id


def _small(tmp_path: Path, text: str = "") -> tuple[PoFile, Catalog]:
    """A catalogue of one law text and one message, with what is translated so far."""
    file = PoFile(tmp_path, "uk", "law")
    file.path.parent.mkdir(parents=True)
    if text:
        file.path.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n{text}', "utf-8")
    template = Catalog(domain="law")
    template.add("Is it so now?", context="fact/it/question")
    return file, template


def test_a_text_that_changed_keeps_its_old_translation_as_fuzzy_and_is_not_read(tmp_path: Path) -> None:
    old = 'msgctxt "fact/it/question"\nmsgid "Is it so?"\nmsgstr "Чи це так?"\n'
    file, template = _small(tmp_path, old)
    wanted = brought_up_to_date(file, template)
    (message,) = [one for one in wanted if one.id]
    assert (message.string, message.fuzzy, message.previous_id) == ("Чи це так?", True, ["Is it so?"])
    assert "Чи це так".encode() not in compiled.compiled(po_bytes(wanted))


def test_a_stray_placeholder_and_a_stray_brace_are_faults(tmp_path: Path) -> None:
    template = Catalog(domain="pages")
    for english in ("from {day}", "due {day}", "until {day}"):
        template.add(english)
    file = PoFile(tmp_path, "uk", "pages")
    wanted = brought_up_to_date(file, template)
    for english, said in (("from {day}", "з {date}"), ("due {day}", "до {day"), ("until {day}", "до {day}")):
        wanted[english].string = said
    file.write(wanted)
    found = " ".join(faults(file, brought_up_to_date(file, template)))
    assert "other placeholders in the translation of: from {day}" in found
    assert "a stray brace in the translation of: due {day}" in found
    assert "until" not in found


def test_a_plural_without_all_its_forms_is_not_translated(tmp_path: Path) -> None:
    template = Catalog(domain="pages")
    template.add(("{n} fact", "{n} facts"))
    file = PoFile(tmp_path, "uk", "pages")
    wanted = brought_up_to_date(file, template)
    wanted["{n} fact"].string = ("{n} факт", "", "{n} фактів")
    file.write(wanted)
    assert faults(file, brought_up_to_date(file, template)) == [f"{file.name}: not translated: {{n}} fact"]


def test_a_missing_catalogue_is_out_of_date(tmp_path: Path) -> None:
    file, template = _small(tmp_path)
    assert "out of date" in faults(file, brought_up_to_date(file, template))[0]


def test_updating_again_changes_nothing(tmp_path: Path) -> None:
    file, template = _small(tmp_path)
    file.write(brought_up_to_date(file, template))
    first = file.path.read_bytes()
    file.write(brought_up_to_date(file, template))
    assert file.path.read_bytes() == first


def test_the_compiled_form_is_kept_and_a_damaged_one_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "kept_place", lambda name: tmp_path / name)
    assert compiled.catalogue("uk", "pages").gettext("none") == "немає"
    kept = tmp_path / "messages-pages-uk"
    assert kept.exists()
    kept.write_bytes(kept.read_bytes()[:-40])
    assert compiled.catalogue("uk", "pages").gettext("none") == "немає"
    kept.chmod(0o666)
    assert compiled.catalogue("uk", "pages").gettext("none") == "немає"


def test_a_kept_form_of_another_catalogue_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "kept_place", lambda name: tmp_path / "one")
    compiled.catalogue("ru", "pages")
    assert compiled.catalogue("uk", "pages").gettext("none") == "немає"


def test_the_command_says_how_far_it_is_and_what_it_takes() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "--check" in done.stderr


def test_a_catalogue_carries_no_day_and_no_name_of_a_tool() -> None:
    head = PoFile(ROOT, "uk", "law").path.read_text("utf-8").split("msgctxt")[0]
    assert "2000-01-01" in head
    assert "Babel" not in head
