"""The server as a client meets it: answers, refusals as problem details, nothing of a case in its log."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from api.web.problems import MEDIA_TYPE
from tests.api.http.conftest import Served
from tests.api.http.support import CASE, JSON

POST = "/v1/answers"


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem details of a refusal, checked for their form."""
    assert answer.status_code == status, answer.text[:300]
    assert answer.headers["content-type"] == MEDIA_TYPE
    said: dict[str, Any] = answer.json()
    assert set(said) == {"type", "title", "status", "detail", "instance", "errors"}
    assert said["status"] == status
    assert all(set(one) == {"pointer", "parameter", "detail", "fix"} for one in said["errors"])
    return said


def test_a_case_is_assessed(served: Served) -> None:
    answer = served.http.post(POST, json=CASE)
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "inadmissible"
    assert answer.json()["case"] == "rag-doll"


def test_date_and_reading_may_be_chosen(served: Served) -> None:
    answer = served.http.post(POST, params={"on": "1900-01-01", "reading": "state"}, json=CASE).json()
    assert (answer["assessed_on"], answer["reading"], answer["outcome"]) == ("1900-01-01", "state", "admissible")


def test_the_same_case_has_the_same_receipt_here_and_on_the_command_line(served: Served, tmp_path: Any) -> None:
    from tests.api.support import here, write

    receipt = json.loads(here("assess", write(tmp_path, json.dumps(CASE), "case.json"), "--format", "json").out)[
        "receipt"
    ]
    assert served.http.post(POST, json=CASE).json()["receipt"] == receipt


def test_facts_are_searched(served: Served) -> None:
    found = served.http.get("/v1/facts", params={"q": "mill closed"}).json()
    assert found["count"] == 1
    assert found["facts"][0]["unknown_counts_as"] == "no"
    assert served.http.get("/v1/facts").json()["count"] == 30


def test_instruments_stand_between_two_states_on_a_day(served: Served) -> None:
    found = served.http.get(
        "/v1/instruments", params={"requesting": "Andorra", "requested": "mco", "on": "1950-01-01"}
    ).json()
    assert (found["requesting"], found["requested"]) == ("AND", "MCO")
    assert found["relations"][0]["instrument"] == "toy-1900"
    assert found["relations"][0]["binding"] is True
    assert (found["bilateral"], found["notes"]) == ([], [])


def test_a_criterion_is_shown_with_its_rule_as_data(served: Served) -> None:
    found = served.http.get("/v1/criteria/toy-1900.mill").json()
    assert found["condition"]["all"][0] == {"yes": {"facts": ["ground_up"], "args": []}}
    assert found["effect"] == "absolute_bar"


def test_health_names_the_law_it_answers_by(served: Served) -> None:
    found = served.http.get("/health").json()
    assert found["status"] == "ok"
    assert found["law"] == "toy"
    assert len(found["rules"]) == 64


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/v1/criteria/", 404),
        ("GET", "/v1/criteria/toy-1900.mil", 404),
        ("GET", "/v1/facts/", 404),
        ("GET", POST, 405),
        ("DELETE", "/health", 405),
        ("OPTIONS", POST, 405),
        ("PATCH", "/v1/facts", 405),
    ],
)
def test_what_is_not_there_is_a_problem_too(served: Served, method: str, path: str, status: int) -> None:
    answer = served.http.request(method, path)
    problem(answer, status)
    assert ("allow" in answer.headers) == (status == 405)


def test_an_unknown_criterion_gets_the_nearest(served: Served) -> None:
    assert (
        problem(served.http.get("/v1/criteria/toy-1900.mil"), 404)["errors"][0]["fix"]
        == "Did you mean 'toy-1900.mill'?"
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no body"),
        (b"  \n", "no body"),
        (b"nul", "not valid JSON"),
        (b'{"a": 1', "not valid JSON"),
        (b'{"facts": {"age": NaN}}', "NaN is not a JSON number"),
        (b'{"facts": {"age": -Infinity}}', "-Infinity is not a JSON number"),
        (b'{"facts": {}, "facts": {}}', "'facts' is given twice"),
        (b'{"facts": {"age": 1, "age": 2}}', "'age' is given twice"),
        (b'{"title": "\\ud800"}', "not valid JSON"),
        (b'{"title": "\xff"}', "not UTF-8 text"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8 text"),
        (b"[" * 5000, "levels deep"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "levels deep"),
        (b'{"facts": {"age": 1}} {"x": 1}', "not valid JSON"),
    ],
)
def test_what_is_not_well_formed_is_refused(served: Served, body: bytes, words: str) -> None:
    assert words in problem(served.http.post(POST, content=body, headers=JSON), 400)["detail"]


def test_what_is_too_large_is_refused_whether_or_not_it_says_so(served: Served) -> None:
    large = b'{"title": "' + b"a" * 20_000 + b'"}'
    problem(served.http.post(POST, content=large, headers=JSON), 413)
    problem(served.http.post(POST, content=iter([large[:10_000], large[10_000:]]), headers=JSON), 413)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/jsonp"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_other_media_types_are_refused(served: Served, headers: dict[str, str]) -> None:
    problem(served.http.post(POST, content=json.dumps(CASE).encode(), headers=headers), 415)


def test_a_charset_that_is_utf_8_is_fine(served: Served) -> None:
    headers = {"content-type": 'Application/JSON; charset="UTF-8"'}
    assert served.http.post(POST, content=json.dumps(CASE).encode(), headers=headers).status_code == 200


def test_every_fault_of_a_case_has_its_pointer_and_none_repeats_what_was_sent(served: Served) -> None:
    secret = "Zhuldyz-Secretova"
    case = {
        "assessed_on": secret,
        "facts": {
            "requesting_state": secret,
            "stuffing": secret,
            "marks": ["red", secret],
            "age": secret,
            "seized_on": secret,
            "mill_closed": secret * 20,
            "ground_up": {"value": "yes", "exhibits": [secret]},
            "nap_wanted": {"value": "yes", "standing": secret},
        },
        "counts": [{"id": "vase"}, {"id": "vase"}, {"broken_on": secret}],
        "variants": {"tickling": secret},
    }
    answer = served.http.post(POST, json=case)
    said = problem(answer, 422)
    assert {one["pointer"] for one in said["errors"]} >= {
        "/assessed_on",
        "/facts/requesting_state",
        "/facts/stuffing",
        "/facts/marks",
        "/facts/age",
        "/facts/seized_on",
        "/facts/mill_closed",
        "/facts/nap_wanted/standing",
        "/counts/2/broken_on",
        "/variants/tickling",
    }
    assert secret not in answer.text


def test_ids_and_exhibits_are_not_repeated_either(served: Served) -> None:
    secret = "Secretova"
    case = {**CASE, "exhibits": {"known-" + secret: {"title": "x"}}, "counts": [{"id": secret}, {"id": secret}]}
    case["facts"] = {**CASE["facts"], "age": {"value": 3, "exhibits": [secret]}}
    answer = served.http.post(POST, json=case)
    assert [one["pointer"] for one in problem(answer, 422)["errors"]] == ["/counts/1/id", "/facts/age"]
    assert secret not in answer.text


def test_findings_that_contradict_do_not_repeat_their_values(served: Served) -> None:
    case = {**CASE, "facts": {**CASE["facts"], "nap_wanted": "no", "nap_status": "granted"}}
    answer = served.http.post(POST, json=case)
    assert problem(answer, 422)["errors"][0]["pointer"] == "/facts/nap_status"
    assert "granted" not in answer.text.lower()


def test_a_case_without_a_date_says_where_to_put_it(served: Served) -> None:
    said = problem(served.http.post(POST, json={"facts": {}}), 422)
    assert said["errors"][0]["fix"] == "Add 'assessed_on:' to the case, or give ?on="


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        (POST + "?readin=person", 400, "readin"),
        (POST + "?reading=nobody", 422, "reading"),
        (POST + "?on=13.1.2020", 422, "on"),
        (POST + "?on=2020-01-01&on=2020-01-02", 400, "on"),
        ("/health?verbose=1", 400, "verbose"),
        ("/v1/facts?q=" + "a" * 300, 422, "q"),
        ("/v1/instruments?requested=MCO&on=1950-01-01", 422, "requesting"),
        ("/v1/instruments?requesting=Atlantis&requested=MCO&on=1950-01-01", 422, "requesting"),
        ("/v1/instruments?requesting=AND&requested=MCO&on=today", 422, "on"),
        ("/v1/criteria/toy-1900.mill?x=%3Cscript%3E", 400, "x"),
    ],
)
def test_parameters_are_as_strict_as_the_body(served: Served, path: str, status: int, parameter: str) -> None:
    answer = served.http.post(path, json=CASE) if path.startswith(POST) else served.http.get(path)
    said = problem(answer, status)
    assert said["errors"][0]["parameter"] == parameter
    assert "Atlantis" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8000"])
def test_other_names_for_this_machine_are_refused(served: Served, host: str) -> None:
    problem(served.http.get("/health", headers={"host": host}), 400)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000"])
def test_the_names_of_loopback_are_accepted(served: Served, host: str) -> None:
    assert served.http.get("/health", headers={"host": host}).status_code == 200


def test_answers_are_not_kept_by_anyone_on_the_way(served: Served) -> None:
    for answer in (served.http.post(POST, json=CASE), served.http.get("/nothing"), served.http.get("/openapi.json")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers


def test_the_log_has_routes_and_nothing_of_what_was_asked(served: Served) -> None:
    secret = "Secretova"
    served.http.post(POST + f"?on={secret}", json=CASE)
    served.http.post(POST, json={"title": secret, "facts": {"age": secret}})
    served.http.get(f"/v1/criteria/{secret}")
    served.http.get(f"/{secret}/x")
    served.http.request(secret.upper(), "/health")
    served.http.get("/v1/facts", params={"q": secret})
    log = served.log.read_text("utf-8")
    assert secret.lower() not in log.lower()
    said = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    seen = {(one["method"], one["route"], one["status"]) for one in said if "route" in one}
    assert {
        ("POST", "/v1/answers", 422),
        ("GET", "/v1/criteria/{id}", 404),
        ("GET", "(no route)", 404),
        ("(other)", "/health", 405),
    } <= seen
    assert not any("?" in line for line in log.splitlines() if line.startswith("{"))


def test_many_at_once_all_get_their_own_answer(served: Served) -> None:
    def ask(number: int) -> tuple[str, str]:
        outcome = "inadmissible" if number % 2 else "admissible"
        case = {**CASE, "case": f"case-{number}"}
        answer = served.http.post(POST, params={} if number % 2 else {"on": "1900-01-01"}, json=case).json()
        return f"{answer['case']} {answer['outcome']}", f"case-{number} {outcome}"

    with ThreadPoolExecutor(8) as pool:
        assert all(got == wanted for got, wanted in pool.map(ask, range(40)))
