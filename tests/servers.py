"""Real servers for the tests: PostgreSQL and Redis of their own, in a scratch folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from foundation import redis_server
from foundation.settings import Settings

PATIENCE_SECONDS = 60


def postgres_binary(name: str) -> str:
    """Return the newest PostgreSQL program of this name on the machine."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: p.parts[4])
    path = str(found[-1]) if found else shutil.which(name)
    if path is None:
        raise RuntimeError(f"PostgreSQL's {name} is missing; 'make test' installs it")
    return path


def _as_user(user: str | None, argv: list[str]) -> list[str]:
    return ["runuser", "-u", user, "--", *argv] if user else argv


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL cluster on a unix socket in `folder`; yields the address without a database.

    PostgreSQL refuses to run as root: there it runs as the package's own user, who must be able
    to walk down to the folder. pytest's folders are closed to others, again with each new run.
    """
    user = "postgres" if os.geteuid() == 0 else None
    data, sockets = folder / "data", folder / "sockets"
    sockets.mkdir(parents=True)
    if user:
        for path in [folder, sockets]:
            shutil.chown(path, user)
    # Tests kill processes, never the machine: fsync would only cost time.
    subprocess.run(
        _as_user(user, [postgres_binary("initdb"), "-D", str(data), "-U", "soundings",
                        "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]),
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    options = f"-c listen_addresses= -c unix_socket_directories={sockets} -c max_connections=200"
    log = (folder / "postgres.log").open("w")
    server = subprocess.Popen(
        _as_user(user, [postgres_binary("postgres"), "-D", str(data), *options.split(),
                        "-c", "fsync=off"]),
        stdout=log, stderr=log,
    )  # fmt: skip
    try:
        _wait_for_postgres(sockets)
        yield f"postgresql+psycopg://soundings@/{{name}}?host={sockets}"
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def _wait_for_postgres(sockets: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(f"host={sockets} user=soundings dbname=postgres").close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def redis(data_dir: Path) -> Iterator[None]:
    """Run the product's own kind of Redis for one data folder."""
    server = subprocess.Popen(redis_server.command(data_dir))
    until = time.monotonic() + PATIENCE_SECONDS
    while not redis_server.socket_path(data_dir).exists() and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield
    finally:
        server.terminate()
        server.wait(30)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which another process finds the same installation."""
    return os.environ | {
        "SOUNDINGS_SECRET_KEY": settings.secret_key,
        "SOUNDINGS_FIELD_KEY": settings.field_key,
        "SOUNDINGS_INDEX_KEY": settings.index_key,
        "SOUNDINGS_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "OPENBLAS_NUM_THREADS": "1",
    }


def start_worker(settings: Settings, command: str = "work") -> subprocess.Popen[bytes]:
    """Start a worker in a process of its own; `worker` also hands it the work that is due."""
    argv = [sys.executable, "-m", "commands", command]
    return subprocess.Popen(argv, env=environment(settings))


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started, as a power cut would."""
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for member in family:
        member.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)
    psutil.wait_procs(family, PATIENCE_SECONDS)
