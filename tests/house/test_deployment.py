"""The container and compose files, the documented settings, and the threat model name what there is."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import yaml

from api.operations.webhooks.settings import WebhookSettings
from api.settings import Settings
from api.storage.settings import StoreSettings
from api.workers.settings import WorkerSettings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def settings() -> set[str]:
    """Every setting by its variable."""
    found = (Settings, StoreSettings, WorkerSettings, WebhookSettings)
    return {f"{one.model_config['env_prefix']}{name.upper()}" for one in found for name in one.model_fields}


def test_every_setting_is_documented_and_nothing_else() -> None:
    documented = set(re.findall(r"^\| `(DEDERE_\w+)` \|", (ROOT / "docs" / "service.md").read_text("utf-8"), re.M))
    assert documented == settings()


def test_the_container_files_set_what_there_is() -> None:
    for name in ("Containerfile", "compose.yaml"):
        named = set(re.findall(r"\b(DEDERE_[A-Z_]+)\b", (ROOT / name).read_text("utf-8")))
        assert named - settings() - {"DEDERE_OWNER_PASSWORD", "DEDERE_DB_PASSWORD", "DEDERE_HOST"} == set()


def test_nodes_share_one_database_and_reach_the_outside_only_through_tls() -> None:
    services = COMPOSE["services"]
    assert services["node"]["deploy"]["replicas"] >= 2
    assert "ports" not in services["node"]
    assert "ports" not in services["db"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert services["node"]["read_only"] is True


def test_a_node_with_a_read_only_root_keeps_its_data_where_it_can_write() -> None:
    node = COMPOSE["services"]["node"]
    data = Path(node["environment"]["DEDERE_DATA"])
    assert {Path(place.partition(":")[0]) for place in node["tmpfs"]} & set(data.parents)
    assert "DEDERE_DATABASE_URL" in node["environment"], "cases would be lost with the container"
    assert "DEDERE_MASTER_KEYS" in node["environment"], "keys would be lost with the container"


def test_M12_the_service_is_no_owner_of_its_tables() -> None:
    services, made = COMPOSE["services"], (ROOT / "deploy" / "database.sh").read_text("utf-8")
    assert "//dedere:" in services["node"]["environment"]["DEDERE_DATABASE_URL"]
    assert "//dedere_owner:" in services["tables"]["environment"]["DEDERE_DATABASE_URL"]
    assert services["tables"]["command"] == "dedere database prepare dedere"
    assert services["node"]["depends_on"]["tables"] == {"condition": "service_completed_successfully"}
    assert "${DEDERE_NAME:-dedere}" in made
    assert "10-dedere.sh" in str(services["db"]["volumes"])


def test_M5_nodes_believe_the_server_that_speaks_tls_and_nobody_else() -> None:
    named = COMPOSE["services"]["node"]["environment"]["DEDERE_TRUSTED_PROXIES"]
    assert named == COMPOSE["services"]["tls"]["networks"]["inside"]["ipv4_address"]
    address = named.partition(":-")[2].rstrip("}")
    network = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"].partition(":-")[2].rstrip("}")
    assert ip_address(address) in ip_network(network)
    assert Settings(trusted_proxies=address).proxies == (address,)


def test_the_server_that_speaks_tls_looks_for_nodes_where_they_are() -> None:
    served = re.search(r"EXPOSE (\d+)", (ROOT / "Containerfile").read_text("utf-8"))
    assert served
    assert f"dynamic a node {served[1]} " in (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert "./deploy/Caddyfile:/etc/caddy/Caddyfile:ro" in COMPOSE["services"]["tls"]["volumes"]


def test_every_test_that_the_threat_model_names_exists() -> None:
    text = (ROOT / "docs" / "threats.md").read_text("utf-8") + (ROOT / "docs" / "asvs.md").read_text("utf-8")
    named = set(re.findall(r"`(tests/[\w/.]+)`", text))
    assert len(named) > 15
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_every_numbered_test_that_a_paper_names_exists() -> None:
    """T10 and the like: in the name of a test, or in what a file of tests says of itself."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py")]
    there = {one for text in texts for one in re.findall(r"(?:test_|\b)(T\d+)(?=[_: ])", text)}
    for paper in ("threats.md", "asvs.md"):
        named = set(re.findall(r"\bT\d+\b", (ROOT / "docs" / paper).read_text("utf-8")))
        assert len(named) > 10
        assert named - there == set()
