"""The API's committed description is what is served, and a change that would break a client is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import pytest

from api.web.app import description
from engine.assess import Engine
from scripts.api_changes import breaking
from scripts.client import DESCRIPTION
from tests.service.server import Server

Description = dict[str, Any]
MATTERS, MATTER = "/v1/matters", "/v1/matters/{matter}"


@pytest.fixture(scope="module")
def committed() -> Description:
    found: Description = json.loads(DESCRIPTION.read_text("utf-8"))
    return found


def test_the_committed_description_is_that_of_the_program(committed: Description, engine: Engine) -> None:
    now = json.loads(json.dumps(description(engine)))
    assert breaking(committed, now) == []
    assert committed == now, "run: dedere schema openapi > docs/openapi.json"


def test_a_running_server_serves_the_same_description(shared: Server, toy_engine: Engine) -> None:
    served = httpx.get(f"{shared.url}/openapi.json").json()
    assert served["paths"] == json.loads(json.dumps(description(toy_engine)))["paths"]


def test_every_operation_has_a_name_of_its_own(committed: Description) -> None:
    names = [one["operationId"] for methods in committed["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)


def _no_path(one: Description) -> None:
    del one["paths"][MATTERS]


def _no_method(one: Description) -> None:
    del one["paths"][MATTER]["delete"]


def _no_field(one: Description) -> None:
    del one["components"]["schemas"]["MatterShown"]["properties"]["reference"]


def _perhaps_no_field(one: Description) -> None:
    one["components"]["schemas"]["MatterShown"]["required"].remove("id")


def _other_type(one: Description) -> None:
    one["components"]["schemas"]["MatterShown"]["properties"]["id"]["type"] = "integer"


def _field_required(one: Description) -> None:
    body = one["paths"][MATTERS]["post"]["requestBody"]["content"]["application/json"]["schema"]
    body["properties"]["office"] = {"type": "string"}
    body["required"].append("office")


def _parameter_required(one: Description) -> None:
    one["paths"][MATTERS]["get"]["parameters"][0]["required"] = True


def _no_parameter(one: Description) -> None:
    del one["paths"][MATTERS]["get"]["parameters"][0]


def _no_body(one: Description) -> None:
    content = one["paths"]["/v1/evaluate"]["post"]["requestBody"]["content"]
    del content["application/x-www-form-urlencoded"]


def _other_status(one: Description) -> None:
    responses = one["paths"][MATTERS]["post"]["responses"]
    responses["200"] = responses.pop("201")


def _value_gone(one: Description) -> None:
    body = one["paths"]["/v1/matters/{matter}/assessments"]["post"]["requestBody"]["content"]["application/json"]
    body["schema"]["properties"]["reading"]["enum"].remove("state")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_no_path, f"GET {MATTERS} is gone"),
        (_no_method, f"DELETE {MATTER} is gone"),
        (_no_field, "MatterShown: field reference is gone"),
        (_perhaps_no_field, "MatterShown: field id may be missing now"),
        (_other_type, "MatterShown.id has another type"),
        (_field_required, f"POST {MATTERS}: body: field office is required now"),
        (_parameter_required, f"GET {MATTERS}: parameter query reference is required now"),
        (_no_parameter, f"GET {MATTERS}: parameter query reference is gone"),
        (_no_body, "POST /v1/evaluate: body of application/x-www-form-urlencoded is no longer taken"),
        (_other_status, f"POST {MATTERS}: status 201 is gone"),
        (_value_gone, "POST /v1/matters/{matter}/assessments: body.reading: 'state' is no longer taken"),
    ],
)
def test_a_breaking_change_is_named(committed: Description, change: Callable[[Description], None], named: str) -> None:
    changed = deepcopy(committed)
    change(changed)
    assert named in breaking(committed, changed)


def test_what_is_only_added_breaks_nothing(committed: Description) -> None:
    changed = deepcopy(committed)
    changed["paths"]["/v1/novelty"] = {"get": {"responses": {"200": {}}}}
    changed["components"]["schemas"]["MatterShown"]["properties"]["colour"] = {"type": "string"}
    changed["paths"][MATTERS]["get"]["parameters"].append({"name": "colour", "in": "query", "required": False})
    assert breaking(committed, changed) == []
