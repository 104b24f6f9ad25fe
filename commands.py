"""The command `soundings`: starts an installation, and leads to the commands of each package."""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

import click

from foundation.database import Store, utc_now
from foundation.problems import ProblemsError
from foundation.processes import Child
from foundation.settings import Settings, ensure_secrets

READY_SECONDS = 60

# Waiting threads of the matrix library keep a processor busy; we share out larger pieces of work
# ourselves. Read when numpy is first imported, here and in the processes started from here.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Loaded only when called: the science takes seconds to import.
ELSEWHERE = {
    "composite": ("analysis.compositecli", "Score units by the ratings of several sources."),
    "estimate": ("analysis.estimation", "Estimate means, shares, ratios ... with their errors."),
    "forms": ("survey.cli", "Check, convert and publish questionnaires."),
    "model": ("analysis.cli", "Fit the structural satisfaction model to a file."),
    "people": ("accounts.cli", "Add people and set passwords."),
    "rates": ("cati.rates", "Compute the AAPOR rates of a table of outcomes."),
    "responses": ("analysis.importing", "Import answers collected elsewhere."),
    "sample": ("cati.cli", "Check and import samples."),
    "size": ("analysis.estimation", "Plan sample sizes."),
}


class Commands(click.Group):
    """The commands here and those of the packages; bad input ends with its problems and code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, in order."""
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its package now."""
        if cmd_name in ELSEWHERE:
            found = getattr(importlib.import_module(ELSEWHERE[cmd_name][0]), cmd_name)
            assert isinstance(found, click.Command)  # noqa: S101 - our own table
            return found
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing their packages."""
        own = {name: self.commands[name].get_short_help_str() for name in self.commands}
        rows = {**own, **{name: text for name, (_, text) in ELSEWHERE.items()}}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; print every problem of a bad input, never a stack trace."""
        try:
            return super().invoke(ctx)
        except ProblemsError as error:
            for problem in error.problems:
                click.echo(problem.text(), err=True)
            ctx.exit(1)


@click.group(cls=Commands)
@click.version_option(package_name="soundings")
def main() -> None:
    """Soundings: from a telephone call to a satisfaction index with its error."""
    # Store, queue, logs and logins of an installation are its owner's alone.
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


@main.command()
def setup() -> None:
    """Make the secrets of this installation, once, and bring its store up to date."""
    _prepare()
    click.echo("The installation is ready.")


@main.command()
def migrate() -> None:
    """Bring the store to the schema of this release."""
    from foundation.migrations import upgrade

    upgrade(Store(Settings.from_env().store_url))


@main.command()
@click.option("--demo/--no-demo", "with_demo", default=True, help="Load the synthetic bank.")
def run(*, with_demo: bool) -> None:
    """Start the store, the queue, the web and a worker together; Ctrl-C stops them all."""
    from foundation import redis_server
    from foundation.processes import require_free_port, supervise
    from foundation.queue import connect, send_due

    settings, store = _prepare()
    require_free_port(settings.host, settings.port)
    logins = _demo(settings, store) if with_demo else {}
    children = [_web(settings), *_workers(settings)]
    if not settings.redis_url:
        children.insert(0, Child("redis", redis_server.command(settings.data_dir)))
    redis = connect(settings)

    def ready() -> None:
        address = f"http://{settings.host}:{settings.port}/"
        _wait_until_served(address)
        click.echo(f"\nSoundings is at {address}  (Ctrl-C stops it)")
        for login, password in logins.items():
            click.echo(f"  {login:<14} {password}")
        sys.stdout.flush()

    supervise(children, ready=ready, tick=lambda: send_due(store, redis))
    click.echo("Stopped. Everything is kept.")


@main.command()
def worker() -> None:
    """Run the workers of this machine against the store and the Redis of the environment."""
    from foundation.processes import supervise
    from foundation.queue import connect, send_due

    settings = Settings.from_env()
    store, redis = Store(settings.store_url), connect(settings)
    children = _workers(settings)
    supervise(children, ready=lambda: None, tick=lambda: send_due(store, redis))


@main.command(hidden=True)
def work() -> None:
    """Run the bare worker process; `run` and `worker` keep it alive."""
    from foundation.queue import work as work_on

    work_on(Settings.from_env())


def _prepare() -> tuple[Settings, Store]:
    from foundation.migrations import upgrade

    if "SOUNDINGS_SECRET_KEY" not in os.environ:
        ensure_secrets(Path(os.environ.get("SOUNDINGS_DATA_DIR", "var")))
    settings = Settings.from_env()
    store = Store(settings.store_url)
    upgrade(store)
    return settings, store


def _workers(settings: Settings) -> list[Child]:
    argv = [sys.executable, "-m", "commands", "work"]
    return [Child(f"worker {number}", argv) for number in range(1, settings.workers + 1)]


def _web(settings: Settings) -> Child:
    address = f"{settings.host}:{settings.port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--bind", address]
    shape = ["--workers", str(settings.web_processes), "--worker-class", "gthread"]
    return Child("web", [*gunicorn, *shape, "--threads", "8", "--log-level", "warning"])


def _demo(settings: Settings, store: Store) -> dict[str, str]:
    """Load the demo at the first start; return its logins, which a file of the owner keeps."""
    from demo.load import load
    from foundation.personal import FieldCipher

    path = settings.data_dir / "demo-logins.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def keep(logins: dict[str, str]) -> None:
        kept.update(logins)
        path.touch(mode=0o600)
        path.write_text(json.dumps(kept, indent=1))

    cipher = FieldCipher(settings.field_key, settings.index_key)
    load(store, settings, cipher, now=utc_now(), keep=keep, say=click.echo)
    return kept


def _wait_until_served(address: str) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address + "healthz", timeout=2):  # noqa: S310 - http, ours
                return
        except (URLError, OSError):
            time.sleep(0.2)


if __name__ == "__main__":
    main()
