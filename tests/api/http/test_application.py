"""The application in this process: faults, depth, the description with its examples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.operations.observe.logs import configure
from api.storage.store import Store
from api.web.document import examples
from api.web.problems import KINDS, MEDIA_TYPE
from api.web.rest import routers
from engine.assess import Engine
from engine.content.documents import bracket_depth
from tests.api.http.support import Client, app_over, new_key

POST = "/v1/answers"


def validator(document: dict[str, Any], part: dict[str, Any]) -> Draft202012Validator:
    """A validator for a part of the description, whose references lead into its components."""
    return Draft202012Validator({**part, "components": document["components"]})


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_the_description_is_openapi_31_of_what_there_is(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    served = {route.path for router in routers() for route in router.routes if isinstance(route, APIRoute)}
    assert served == set(document["paths"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for name in {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}:
        assert name in document["components"]["schemas"]
    assert '"#/$defs' not in text


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", ["smallest", "disputed"])
def test_the_examples_can_be_posted_and_the_answers_are_as_described(
    client: Client, document: dict[str, Any], name: str
) -> None:
    operation = document["paths"][POST]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    example = content["examples"][name]["value"]
    validator(document, content["schema"]).validate(example)
    answer = client.post(POST, json=example)
    assert answer.status_code == 200
    described = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator(document, described).validate(answer.json())


def test_the_examples_suit_the_real_law_too(engine: Engine, toy_store: Store) -> None:
    app = Client(app_over(toy_store, engine), new_key(toy_store))
    for example in examples(engine).values():
        assert app.post(POST, json=example["value"]).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/health",
        "/v1/facts?q=mill",
        "/v1/criteria/toy-1900.mill",
        "/v1/instruments?requesting=AND&requested=MCO&on=1950-01-01",
    ],
)
def test_look_ups_answer_as_described(client: Client, document: dict[str, Any], address: str) -> None:
    path = address.partition("?")[0].replace("toy-1900.mill", "{id}")
    described = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator(document, described).validate(client.get(address).json())


def test_every_error_is_described_with_an_example(client: Client, document: dict[str, Any]) -> None:
    seen = set()
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, described in operation["responses"].items():
                if int(status) >= 400:
                    content = described["content"][MEDIA_TYPE]
                    validator(document, content["schema"]).validate(content["example"])
                    seen.add(int(status))
    assert seen == set(KINDS)


def test_errors_are_as_described(client: Client, document: dict[str, Any]) -> None:
    http = client
    answers = [
        http.post(POST),
        http.post(POST, json=[]),
        http.get("/x"),
        http.request("PUT", "/health"),
        http.get("/health?x=1"),
    ]
    for answer in answers:
        validator(document, {"$ref": "#/components/schemas/ProblemDetails"}).validate(answer.json())


def test_a_fault_is_a_problem_without_its_message_in_answer_or_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret name of the person")

    monkeypatch.setattr(Engine, "assess", broken)
    configure()
    answer = client.post(POST, json={"assessed_on": "1950-01-01"})
    log = capsys.readouterr().err
    assert answer.status_code == 500
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert answer.json()["errors"] == []
    assert "secret" not in answer.text + log
    assert '"error": "RuntimeError"' in log


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists and mappings of something."""
    return st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)


@given(st.recursive(st.none() | st.text(max_size=10) | st.sampled_from(["[", "}{", '"', '\\"', "\\"]), nested))
def test_depth_is_that_of_the_brackets_outside_strings(data: Any) -> None:
    assert bracket_depth(json.dumps(data).encode()) == _depth(data)


def _depth(data: Any) -> int:
    if isinstance(data, dict):
        return 1 + max(map(_depth, data.values()), default=0)
    return 1 + max(map(_depth, data), default=0) if isinstance(data, list) else 0


@given(st.binary(max_size=200) | st.text(alphabet='{}[]":,\\ud80 ae1.-NI', max_size=60).map(str.encode))
def test_nothing_that_is_posted_is_a_fault_or_repeated(client: Client, body: bytes) -> None:
    answer = client.post(POST, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/v1/matters", {"reference": "T/1", "case": {"facts": {"Zqcanary": "yes"}}}),
        ("/v1/matters", {"reference": "T/1", "case": {"Zqcanary": 1}}),
        ("/v1/matters", {"reference": "T/1", "case": {}, "Zqcanary": 1}),
        ("/v1/previews", {"facts": {"ground_up": {"value": "yes", "Zqcanary": 1}}}),
        ("/v1/webhooks", {"url": "https://example.org", "kinds": ["matter.erased"], "Zqcanary": 1}),
    ],
)
def test_L10_a_name_that_was_sent_and_is_none_of_ours_is_not_repeated(client: Client, path: str, sent: Any) -> None:
    answer = client.post(path, json=sent)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert "Zqcanary" not in answer.text


def test_L10_a_name_that_is_nearly_one_of_ours_is_told_with_it(client: Client) -> None:
    answer = client.post("/v1/previews", json={"facts": {"ground_upp": "yes"}})
    assert "ground_up" in answer.json()["errors"][0]["fix"]


def test_L8_a_request_of_two_lengths_ends_its_connection(client: Client) -> None:
    headers = {"content-type": "application/json", "content-length": "2", "transfer-encoding": "chunked"}
    answer = client.post(POST, content=b"{}", headers=headers)
    assert answer.status_code == 400
    assert answer.headers["connection"] == "close"
