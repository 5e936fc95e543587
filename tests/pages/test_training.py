"""The training room in this process: sessions, steps, votes, changes, exercises, papers, and who may see what.

T8: another workspace's session is not there. T16: forms need their token, those of participants too.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from api.settings import Settings
from api.storage.store import Store
from api.training.cases import teaching_cases
from api.training.exercise import Exercise
from api.training.sessions import read_lesson
from api.web.pages.rooms import joining
from engine.assess import Engine
from tests.api.http.support import Client, app_over
from tests.pages.support import FORM, HTML, Visitor, visitor, words

COOKIE = "__Host-dedere-class"


@pytest.fixture(scope="session")
def law_app(engine: Engine, toy_store: Store) -> FastAPI:
    """The application over the real law."""
    return app_over(toy_store, engine)


@pytest.fixture
def trainer(law_app: FastAPI, toy_store: Store) -> Visitor:
    """A trainer, who may not read matters."""
    return visitor(law_app, toy_store, ["trainer"])


def case_id(name: str) -> str:
    """The id of a decided case by its short name."""
    return next(case.id for case in teaching_cases(Settings()).values() if case.title == name)


@pytest.fixture
def session(trainer: Visitor) -> str:
    """The address of a session on a decided case."""
    answer = trainer.send("/training", case=case_id("Baysakov"))
    assert answer.status_code == 303, words(answer)
    return str(answer.headers["location"])


class Phone:
    """A participant without an account."""

    def __init__(self, app: FastAPI) -> None:
        self.client, self.cookie, self.seen = Client(app), "", ""

    def get(self, path: str) -> str:
        answer = self.client.get(path, headers={**HTML, "cookie": self.cookie})
        self._keep(answer.headers.get("set-cookie", ""))
        self.status = answer.status_code
        found = re.search(r'name="token" value="([^"]+)"', answer.text)
        self.seen = found[1] if found else self.seen
        return answer.text

    def send(self, path: str, token: str | None = None, **fields: str) -> int:
        body = urlencode({"token": self.token if token is None else token, **fields})
        answer = self.client.post(path, content=body, headers={**HTML, **FORM, "cookie": self.cookie})
        self._keep(answer.headers.get("set-cookie", ""))
        self.status, self.text = answer.status_code, answer.text
        return answer.status_code

    def _keep(self, cookie: str) -> None:
        if cookie:
            assert all(rule in cookie for rule in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=43200"))
            self.cookie, self.seen = cookie.partition(";")[0], ""

    @property
    def token(self) -> str:
        """The token of the form seen last; a form is looked for if none was seen."""
        if not self.seen:
            self.get("/class" if "wsp_" in self.cookie else "/join")
        return self.seen

    def joins(self, code: str) -> None:
        assert self.send("/join", code=code) == 303, self.text


def code_of(trainer: Visitor, session: str) -> str:
    """The join code as the trainer sees it."""
    found = re.search(r'id="code">([A-Z]{4}-[A-Z]{4})<', trainer.get(session).text)
    assert found
    return found[1]


def test_the_steps_are_walked_forward_and_back_by_links(trainer: Visitor, session: str) -> None:
    page = trainer.get(f"{session}/step/4")
    text = words(page)
    assert all(part in text for part in ("Step 4 of 10", "Facts used", "Rule", "Conclusion", "ECHR art 3"))
    assert re.search(rf'rel="prev" href="{session}/step/3"', page.text)
    assert re.search(rf'rel="next" href="{session}/step/5"', page.text)
    for number in (0, 12):
        assert trainer.get(f"{session}/step/{number}").status_code == 404
    assert trainer.get(f"{session}/step/11").status_code == 200


def test_the_outcome_is_hidden_from_the_class_until_it_is_shown(trainer: Visitor, session: str) -> None:
    end = f"{session}/step/11"
    for path in (end, f"{session}/step/10", f"{session}/graph/11.svg"):
        assert "inadmissible" not in trainer.get(path).text.lower()
        assert "not permitted" not in trainer.get(path).text
    trainer.send(f"{session}/set", set="reveal", back=end)
    assert "Surrender is not permitted" in words(trainer.get(end))
    assert "INADMISSIBLE" in trainer.get(f"{session}/graph/11.svg").text


def test_the_graph_grows_by_each_step(trainer: Visitor, session: str) -> None:
    boxes = [trainer.get(f"{session}/graph/{number}.svg").text.count("<g><title>") for number in range(1, 11)]
    assert boxes == sorted(boxes)
    assert boxes[0] < 4
    assert boxes[-1] > 8


def test_hidden_names_are_nowhere_on_what_the_class_sees(trainer: Visitor, session: str) -> None:
    assert "Baysakov" in trainer.get(f"{session}/step/1").text
    trainer.send(f"{session}/set", set="hide-names")
    trainer.send(f"{session}/set", set="reveal")
    for path in (
        "/step/1",
        "/step/11?present=1",
        "/handout",
        "/handout/solution",
        "/export",
        "/graph/11.svg",
        "/votes",
    ):
        text = trainer.get(session + path).text
        assert "Baysakov" not in text, path
    assert "Synthetic case" in words(trainer.get(f"{session}/step/1"))


def test_phones_join_by_code_vote_and_see_the_answer_once_it_is_shown(
    trainer: Visitor, session: str, law_app: FastAPI
) -> None:
    trainer.get(f"{session}/step/5")
    trainer.send(f"{session}/ask", kind="ground")
    code, phones = code_of(trainer, session), [Phone(law_app), Phone(law_app)]
    for phone, choice in zip(phones, ("0", "1"), strict=True):
        phone.joins(code)
        assert phone.send("/class/vote", question="1", choice=choice) == 303
    votes = words(trainer.get(f"{session}/votes"))
    assert votes.count("1 (50 %)") == 2
    assert "2 of 2 have voted" in votes
    assert "✓ right" not in votes
    assert "Your vote is counted" in phones[0].get("/class/now")
    trainer.send(f"{session}/close", reveal="yes")
    assert words(trainer.get(f"{session}/votes")).count("✓ right") == 1
    assert "✓ right" in phones[1].get("/class")
    assert phones[0].send("/class/vote", question="1", choice="1") == 303
    assert words(trainer.get(f"{session}/votes")).count("1 (50 %)") == 2


def test_going_on_closes_the_question_about_the_next_ground(trainer: Visitor, session: str) -> None:
    trainer.get(f"{session}/step/5")
    trainer.send(f"{session}/ask", kind="ground")
    assert "next? the vote is open" in words(trainer.get(f"{session}/votes"))
    trainer.get(f"{session}/step/6")
    assert "next? the vote is closed" in words(trainer.get(f"{session}/votes"))


def test_T16_participants_forms_need_the_token_of_their_own_cookie(
    trainer: Visitor, session: str, law_app: FastAPI
) -> None:
    trainer.send(f"{session}/ask", kind="outcome")
    code, one, other = code_of(trainer, session), Phone(law_app), Phone(law_app)
    assert one.send("/join", token="", code=code) == 403
    one.joins(code)
    other.joins(code)
    for token in ("", "x", other.token):
        assert one.send("/class/vote", token=token, question="1", choice="0") == 403
    assert "0 of 2 have voted" in words(trainer.get(f"{session}/votes"))
    stranger = Phone(law_app)
    stranger.get("/class")
    assert stranger.status == 303


def test_a_wrong_code_is_refused_in_words_and_never_repeated(law_app: FastAPI) -> None:
    phone = Phone(law_app)
    assert phone.send("/join", code="CANARYXX") == 403
    assert "No class is running under this code" in phone.text
    assert "CANARYXX" not in phone.text
    assert "session" in phone.get("/join/%3Cscript%3E") or phone.status == 200


def test_votes_come_no_faster_than_a_hand_can(trainer: Visitor, session: str, law_app: FastAPI) -> None:
    trainer.send(f"{session}/ask", kind="outcome")
    phone = Phone(law_app)
    phone.joins(code_of(trainer, session))
    token = phone.token
    answers = [phone.send("/class/vote", token=token, question="1", choice="0") for _ in range(32)]
    assert answers[0] == 303
    assert answers[-1] == 429


def test_T8_a_session_of_another_workspace_is_not_there(
    trainer: Visitor, session: str, law_app: FastAPI, toy_store: Store
) -> None:
    other = visitor(law_app, toy_store)
    for path in (
        "",
        "/step/1",
        "/graph/1.svg",
        "/code.svg",
        "/votes",
        "/notes",
        "/change",
        "/rewind",
        "/beside",
        "/handout",
        "/export",
    ):
        assert other.get(session + path).status_code == 404, path
    for path in ("/set", "/ask", "/close", "/end", "/change", "/beside"):
        sent = other.send(session + path, set="reveal", kind="outcome", case=case_id("Kaboulov"), fact="case//measure")
        assert sent.status_code == 404, path


def test_who_may_not_train_sees_nothing(law_app: FastAPI, toy_store: Store, session: str) -> None:
    auditor = visitor(law_app, toy_store, ["auditor"])
    for path in ("/training", session, f"{session}/step/1", "/training/exercises"):
        assert auditor.get(path).status_code == 403


def test_T16_a_form_without_the_token_changes_nothing(trainer: Visitor, session: str) -> None:
    for path in ("/set", "/ask", "/close", "/end", "/change", "/beside"):
        assert trainer.send(session + path, csrf="x", set="reveal").status_code == 403
    assert trainer.get(session).status_code == 200


def test_a_changed_fact_rewinds_to_the_first_step_that_differs(trainer: Visitor, session: str) -> None:
    page = trainer.get(f"{session}/change")
    assert "illtreatment_risk_real" in page.text
    differs = {"rewound=1": "this is the first step that differs", "side=changed": "Before the change it was"}
    for fact, value in (
        ("illtreatment_risk_real", "no"),
        ("state_dispelled_doubts", "yes"),
    ):
        sent = trainer.send(f"{session}/change", fact=f"case//{fact}", value=value)
        where = re.fullmatch(rf"{session}/step/\d+\?(rewound=1|side=changed)", sent.headers["location"])
        assert where, (fact, sent.headers["location"])
        assert differs[where[1]] in words(trainer.get(sent.headers["location"]))
    assert 'id="parting"' in trainer.get(f"{session}/rewind").text


@pytest.mark.parametrize("fact", ["case//nothing", "counts/zz/offence_class", "", "case//measure/../x"])
def test_a_fact_that_the_case_has_not_cannot_be_changed(trainer: Visitor, session: str, fact: str) -> None:
    assert trainer.send(f"{session}/change", fact=fact, value="yes").status_code == 404


def test_two_cases_part_where_both_conclude_and_not_the_same(trainer: Visitor, session: str) -> None:
    page = trainer.get(f"{session}/beside")
    nearest = (
        page.text.index("Between the same two States"),
        page.text.index("Dzhaksybergenov"),
        page.text.index("Others"),
    )
    assert nearest[0] < nearest[1] < nearest[2]
    sent = trainer.send(f"{session}/beside", case=case_id("Dzhaksybergenov"))
    assert sent.headers["location"].endswith("#parting")
    page = trainer.get(f"{session}/beside")
    lit = re.search(r'<tr id="parting".*?</tr>', page.text, re.DOTALL)
    assert lit
    assert "Special features of this person" in lit[0]


def test_an_exercise_marks_the_path_and_not_only_the_outcome(trainer: Visitor, toy_store: Store, session: str) -> None:
    address = f"/training/exercises/{case_id('Baysakov')}"
    with toy_store.read(trainer.workspace) as tx:
        exercise = Exercise(read_lesson(tx, session.rsplit("/", maxsplit=1)[-1]).lesson)
    page = words(trainer.get(address))
    assert "inadmissible. Surrender" not in page
    fired = sorted(range(len(exercise.keys)), key=lambda index: exercise.keys[index].firing)
    order = {f"order-{index}": str(place) for place, index in enumerate(fired, 1)}
    grounds = {f"ground-{one.id}": one.status for one in exercise.grounds}
    done = words(trainer.send(address, outcome="inadmissible", **grounds, **order))
    assert re.search(r"\d+ steps right, 0 missed, 0 wrong", done)
    turned = {name: str(len(fired) + 1 - int(place)) for name, place in order.items()}
    done = words(trainer.send(address, outcome="inadmissible", **grounds, **turned))
    assert f"0 missed, {len(exercise.rests)} wrong" in done


def test_the_exercise_reaches_phones_only_when_it_is_handed_out(
    trainer: Visitor, session: str, law_app: FastAPI
) -> None:
    phone = Phone(law_app)
    phone.joins(code_of(trainer, session))
    phone.get("/class/exercise")
    assert phone.status == 404
    trainer.send(f"{session}/set", set="exercise")
    assert "How do these grounds stand?" in phone.get("/class/exercise")
    assert phone.send("/class/exercise", outcome="admissible") == 200
    assert "✗ wrong" in phone.text


def test_the_hand_out_keeps_the_solution_apart(trainer: Visitor, session: str) -> None:
    sheet, solution = (trainer.get(f"{session}/handout{part}") for part in ("", "/solution"))
    assert words(sheet).count("Which facts decide it?") == 10
    assert "There are substantial grounds to believe in a real risk" not in words(sheet)
    assert 'class="status' not in sheet.text
    assert "There are substantial grounds to believe in a real risk" in words(solution)
    assert "Surrender is not permitted" in words(solution)


def test_the_export_is_one_file_that_asks_for_nothing(trainer: Visitor, session: str) -> None:
    answer = trainer.get(f"{session}/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="trace.html"'
    assert answer.text.lstrip().startswith("<!doctype html>")
    assert re.findall(r'(?:src|href)="(?!data:image/svg\+xml;base64,)[^"]*"', answer.text) == []
    assert answer.text.count('class="page"') == 11
    assert "url(" not in answer.text


def test_notes_follow_the_step_that_is_shown(trainer: Visitor, session: str) -> None:
    seen = {}
    for number in range(4, 11):
        trainer.get(f"{session}/step/{number}")
        seen[number] = words(trainer.get(f"{session}/notes/now"))
        assert f"Step {number} of 10" in seen[number]
    assert any("Real risk of torture or inhuman" in notes and "Standard of proof" in notes for notes in seen.values())


def test_a_matter_is_taught_as_an_anonymised_copy(anna: Visitor) -> None:
    matter = anna.makes(reference="CANARY-REF")
    anna.send(f"/matters/{matter}/ask/ground_up", answer="yes", by="CANARY-NAME", note="CANARY-NOTE")
    answer = anna.send("/training", matter=matter)
    session = str(answer.headers["location"])
    for path in ("", "/step/1", "/graph/1.svg", "/handout", "/handout/solution", "/notes", "/change", "/export"):
        page = anna.get(session + path)
        assert page.status_code == 200, path
        assert "CANARY" not in page.text
    assert "Anonymised case" in words(anna.get(f"{session}/step/1"))
    anna.send(f"/matters/{matter}/erase", reference="CANARY-REF")
    assert anna.get(session).status_code == 404  # a session ends with the matter it was made from


def test_a_trainer_who_may_not_read_matters_cannot_teach_one(toy_app: FastAPI, toy_store: Store, anna: Visitor) -> None:
    matter = anna.makes()
    only = visitor(toy_app, toy_store, ["trainer"], anna.workspace)
    assert "A matter, anonymised" not in words(only.get("/training"))
    assert only.send("/training", matter=matter).status_code == 403


def test_a_case_that_does_not_fit_the_law_in_use_is_refused_in_words(anna: Visitor) -> None:
    answer = anna.send("/training", case=case_id("Baysakov"))
    assert answer.status_code == 422
    assert "There is a problem" in words(answer)


def test_the_end_is_the_end(trainer: Visitor, session: str, law_app: FastAPI) -> None:
    phone = Phone(law_app)
    phone.joins(code_of(trainer, session))
    assert trainer.send(f"{session}/end").headers["location"] == "/training"
    assert trainer.get(session).status_code == 404
    phone.get("/class")
    assert phone.status == 303


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/training/other", "/sign-out"])
def test_the_way_back_stays_in_the_session(trainer: Visitor, session: str, back: str) -> None:
    assert trainer.send(f"{session}/set", set="whole", back=back).headers["location"] == session


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_T25_a_step_is_said_in_the_language_of_the_class(
    trainer: Visitor, session: str, language: str, law_app: FastAPI
) -> None:
    cookie = trainer.client.headers["cookie"] + f"; dedere-language={language}"
    page = trainer.client.get(f"{session}/step/7", headers={**HTML, "cookie": cookie})
    text = unescape(page.text)
    assert f'<html lang="{language}">' in text
    assert "Facts used" not in text
    assert "Conclusion" not in text
    zones = re.search(r'<div class="zones.*?</div>', text, re.DOTALL)
    assert zones
    assert zones[0].count('class="untranslated"') <= 2


def test_L7_one_browser_has_one_seat_and_one_address_as_many_as_a_class(
    trainer: Visitor, session: str, law_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert all(1 < one.amount <= 200 for one in joining._SEATS)
    monkeypatch.setattr(joining, "_SEATS", (RateLimitItemPerMinute(6), RateLimitItemPerHour(7)))
    trainer.send(f"{session}/ask", kind="outcome")
    code, phone = code_of(trainer, session), Phone(law_app)
    for _ in range(3):
        phone.joins(code)
    assert "0 of 1 have voted" in words(trainer.get(f"{session}/votes"))
    assert [Phone(law_app).send("/join", code=code) for _ in range(4)] == [303, 303, 303, 429]
