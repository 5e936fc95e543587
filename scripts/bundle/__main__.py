"""Makes one archive that installs Dedere on a like machine without network and without a compiler.

``make bundle`` runs it with the Python of ``.venv``, into ``dist`` unless a folder is given. Every package comes from
the lock by its digest; durable_rules is built here, for this Python.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

from scripts import release

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
#: The environment of the installer: uv itself, and a pip.
INSTALLER = ROOT / ".uv" / "bin"
BUILT = "durable-rules"


def main(arguments: list[str]) -> int:
    """Make the bundle and print its digest."""
    folder = Path(arguments[0] if arguments else ROOT / "dist")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory() as place:
            archive = pack(collect(Path(place)), folder)
    except (release.Failed, subprocess.CalledProcessError) as error:
        print(f"No bundle: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"{release.digest(archive)}  {archive}")  # noqa: T201
    return 0


def collect(place: Path) -> Path:
    """The folder that becomes the archive, with everything in it."""
    wheel = release.build_twice(place)
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}-{platform.system()}-{platform.machine()}".lower()
    bundle = place / f"{'-'.join(wheel.name.split('-')[:2])}-{tag}"
    wheels = bundle / "wheels"
    wheels.mkdir(parents=True)
    wheel.rename(wheels / wheel.name)
    bill = release.bill_of_materials(wheels / wheel.name)
    (bundle / "dedere.cdx.json").write_text(release.written(bill), "utf-8")
    fetch(place, wheels)
    (bundle / "requirements.txt").write_text("".join(map(_requirement, sorted(wheels.glob("*.whl")))), "utf-8")
    for path in (INSTALLER / "uv", HERE / "install", HERE / "README.txt"):
        shutil.copy(path, bundle / path.name)
    (bundle / "made-for").write_text(_made_for(wheel.name.split("-")[1]), "utf-8")
    sums = sorted(path for path in bundle.rglob("*") if path.is_file())
    lines = [f"{release.digest(path)}  {path.relative_to(bundle)}\n" for path in sums]
    (bundle / "SHA256SUMS").write_text("".join(lines), "utf-8")
    return bundle


def fetch(place: Path, wheels: Path) -> None:
    """Put a wheel of every locked package there; what the lock has no wheel of is built with the locked tools."""
    locked = place / "locked.txt"
    _run(INSTALLER / "uv", "export", "--frozen", "--quiet", "--no-emit-project", "--no-annotate", "-o", locked)
    entries = re.findall(r"^[^\s#].*(?:\n +.*)*", locked.read_text("utf-8"), re.MULTILINE)
    pip = (INSTALLER / "python", "-m", "pip", "--python", sys.executable, "--disable-pip-version-check", "--quiet")
    take = ("--no-deps", "--require-hashes", "--dest")
    built = [entry for entry in entries if entry.startswith(BUILT)]
    locked.write_text("\n".join(entry for entry in entries if entry not in built), "utf-8")
    _run(*pip, "download", *take, wheels, "--only-binary", ":all:", "-r", locked)
    locked.write_text("\n".join(built), "utf-8")
    _run(*pip, "--no-cache-dir", "wheel", *take[:2], "--no-build-isolation", "-w", wheels, "-r", locked, **_variables())


def _variables() -> dict[str, str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["uv"]["extra-build-variables"]
    return dict(settings[BUILT])


def _run(*command: str | Path, **environment: str) -> None:
    done = subprocess.run(  # noqa: S603 - fixed words
        command, cwd=ROOT, env={**os.environ, **environment}, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise release.Failed(done.stderr.strip() or done.stdout.strip())


def _requirement(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{release.digest(wheel)}\n"


def _made_for(version: str) -> str:
    """What the installer compares: system, Python and law."""
    command = [sys.executable, "-P", "-m", "api", "pack", "show"]
    law = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()[0]  # noqa: S603 - fixed words
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    system = f"{platform.system()} {platform.machine()}"
    return f'VERSION="{version}"\nSYSTEM="{system}"\nPYTHON_VERSION="{python}"\nLAW="{law}"\n'


def pack(bundle: Path, folder: Path) -> Path:
    """The folder as one archive."""
    archive = folder / f"{bundle.name}.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=6) as file:
        file.add(bundle, bundle.name, filter=_nobodys)
    return archive


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry without the name of who made it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
