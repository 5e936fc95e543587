"""Runs compose.yaml for real on one machine, kills a node while clients write, and counts what was lost.

    python3 deploy/rehearsal.py [COMPOSE ...]

COMPOSE is the program, ``podman-compose`` unless given, or ``docker compose``. It needs Python's standard library
only, builds the image, uses made-up names and passwords, and removes everything at the end. The ports are 18443 and
18080. BASE, POSTGRES_IMAGE and TLS_IMAGE choose other images, as in compose.yaml.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT, HOST, PORT = "dedere-rehearsal", "localhost", 18443
CLIENTS, BEFORE, AFTER = 4, 10, 20  # clients, seconds before a node is killed, seconds after
CASE = {
    "case": "rehearsal",
    "assessed_on": "2020-01-13",
    "facts": {"requesting_state": "KAZ", "requested_state": "UKR"},
    "counts": [{"id": "one"}],
}


@dataclass
class Machine:
    """The containers, seen through compose and the program under it."""

    compose: list[str]
    settings: dict[str, str]

    @property
    def engine(self) -> str:
        """The program that runs one container."""
        return "docker" if self.compose[0].startswith("docker") else "podman"

    def do(self, *command: str, quiet: bool = True) -> str:
        """Run compose on the project."""
        return self.call([*self.compose, "-p", PROJECT, "-f", str(ROOT / "compose.yaml"), *command], quiet)

    def call(self, command: list[str], quiet: bool = True) -> str:
        """Run a command; what it prints."""
        done = subprocess.run(  # noqa: S603 - commands of this file
            command, env={**os.environ, **self.settings}, check=False, text=True, capture_output=quiet
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
        return done.stdout or ""

    def clear(self) -> None:
        """Remove every container, volume and network of the project; ``down`` of podman-compose forgets some."""
        of_project = ["--filter", f"label=com.docker.compose.project={PROJECT}", "--quiet"]
        for container in reversed(self.call([self.engine, "container", "ls", "--all", *of_project]).split()):
            self.call([self.engine, "container", "rm", "--force", "--volumes", container])
        for kind in ("volume", "network"):
            found = self.call([self.engine, kind, "ls", *of_project]).split()
            if found:
                self.call([self.engine, kind, "rm", "--force", *found])

    def names(self, service: str) -> list[str]:
        """The running containers of a service."""
        listed = self.call([self.engine, "ps", "--format", "{{.Names}}"])
        here = [name for name in listed.split() if name.replace("_", "-").startswith(PROJECT)]
        return sorted(name for name in here if f"-{service}-" in name.replace("_", "-"))

    def inside(self, container: str, *command: str) -> str:
        """What a command prints inside a container."""
        return self.call([self.engine, "exec", container, *command])


@dataclass
class Seen:
    """What clients were told."""

    written: dict[str, str] = field(default_factory=dict)
    sent_again: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """A case tracker: makes matters and reads them back; a request that got no answer is sent again, unchanged."""

    def __init__(self, name: str, key: str, trust: ssl.SSLContext, seen: Seen, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self.key, self.trust, self.seen, self.stop_it = key, trust, seen, stop

    def run(self) -> None:
        number = 0
        while not self.stop_it.is_set():
            number += 1
            reference = f"{self.name}/{number}"
            status, made = self.ask("POST", "/v1/matters", {"reference": reference, "case": CASE})
            if status != 201:
                self.seen.wrong.append(f"{reference}: {status}")
                continue
            self.seen.written[reference] = made["id"]
            status, read = self.ask("GET", f"/v1/matters/{made['id']}")
            if status != 200 or read["reference"] != reference:
                self.seen.wrong.append(f"{reference}: read {status}")

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer of a request, sent until there is an answer from a node."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        if method == "POST":
            headers["idempotency-key"] = str(uuid.uuid4())
        while True:
            found = asked(method, path, self.trust, None if body is None else json.dumps(body), headers)
            if found and found[0] not in {429, 502, 503, 504}:
                return found[0], json.loads(found[1])
            self.seen.sent_again[f"status {found[0]}" if found else "no answer"] += 1
            time.sleep(0.2)


def asked(
    method: str, path: str, trust: ssl.SSLContext, body: str | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes] | None:
    """Status and body of one request through TLS; None if there was no answer."""
    line = http.client.HTTPSConnection(HOST, PORT, timeout=30, context=trust)
    try:
        line.request(method, path, body, {"host": HOST, **(headers or {})})
        answer = line.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        line.close()


def until(what: Callable[[], Any], meaning: str, seconds: float = 180) -> Any:
    """Wait for something, for a while."""
    last = time.monotonic() + seconds
    while not (found := what()):
        if time.monotonic() > last:
            raise SystemExit(f"in {seconds:.0f} seconds: no {meaning}")
        time.sleep(0.5)
    return found


def say(text: str) -> None:
    """A line with the time since the start."""
    print(f"{time.monotonic() - BEGAN:6.1f} s  {text}", flush=True)  # noqa: T201


def main(compose: list[str]) -> int:
    """The whole rehearsal."""
    machine = Machine(
        compose or ["podman-compose"],
        {
            "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
            "DEDERE_OWNER_PASSWORD": secrets.token_urlsafe(24),
            "DEDERE_DB_PASSWORD": secrets.token_urlsafe(24),
            "DEDERE_MASTER_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
            "DEDERE_HOST": HOST,
            "HTTPS_PORT": str(PORT),
            "HTTP_PORT": "18080",
        },
    )
    machine.clear()
    try:
        return rehearse(machine)
    finally:
        machine.clear()


def rehearse(machine: Machine) -> int:
    """Start, write, kill, write on, count."""
    machine.do("build")
    say("image built")
    machine.do("up", "--detach", "--scale", "node=2")  # podman-compose does not read deploy.replicas
    nodes = until(lambda: names if len(names := machine.names("node")) >= 2 else None, "two nodes")
    say(f"started: {', '.join([*machine.names('db'), *nodes, *machine.names('tls')])}")
    (tls,) = machine.names("tls")
    root = until(lambda: certificate(machine, tls), "certificate")
    trust = ssl.create_default_context(cadata=root)
    until(lambda: (asked("GET", "/ready", trust) or (0, b""))[0] == 200, "answer through TLS")
    say("ready through TLS, the certificate verified")
    machine.inside(nodes[0], "dedere", "people", "workspace", "Rehearsal")
    key = next(word for word in machine.inside(nodes[0], "dedere", "apikey", "issue").split() if len(word) > 40)
    seen, stop = Seen(), threading.Event()
    clients = [Client(f"client-{number}", key, trust, seen, stop) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(BEFORE)
    before = len(seen.written)
    say(f"{CLIENTS} clients, {before} matters written")
    machine.call([machine.engine, "kill", "--signal", "KILL", nodes[0]])
    say(f"{nodes[0]} killed")
    time.sleep(AFTER)
    stop.set()
    for client in clients:
        client.join(60)
    again = ", ".join(f"{count} after {why}" for why, count in sorted(seen.sent_again.items())) or "none"
    say(f"{len(seen.written) - before} more written after that; requests sent again: {again}")
    there = listed(key, trust)
    lost = [one for one in seen.written if there.count(one) == 0]
    twice = [one for one in set(there) if there.count(one) > 1]
    say(f"acknowledged {len(seen.written)}, lost {len(lost)}, twice {len(twice)}, wrong {len(seen.wrong)}")
    if lost or twice or seen.wrong or len(seen.written) == before:
        print(*lost[:5], *twice[:5], *seen.wrong[:5], sep="\n")  # noqa: T201
        return 1
    return 0


def certificate(machine: Machine, tls: str) -> str:
    """The root certificate that the TLS server made for itself, once it is there."""
    command = [machine.engine, "exec", tls, "cat", "/data/caddy/pki/authorities/local/root.crt"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - commands of this file
    return done.stdout


def listed(key: str, trust: ssl.SSLContext) -> list[str]:
    """The references of all matters, page by page."""
    found: list[str] = []
    path = "/v1/matters?limit=100"
    while path:
        _, raw = asked("GET", path, trust, None, {"authorization": f"Bearer {key}"}) or (0, b"{}")
        page = json.loads(raw)
        found += [one["reference"] for one in page["matters"]]
        path = f"/v1/matters?limit=100&cursor={page['next']}" if page.get("next") else ""
    return found


BEGAN = time.monotonic()

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
