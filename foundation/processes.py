"""Runs the processes of an installation together, in the foreground.

A child that dies is started again; ending the parent, in whatever way, ends its children.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from foundation.problems import N_, Message, Place, ProblemsError

log = logging.getLogger(__name__)

STOP_SECONDS = 15
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
TICK_SECONDS = 1.0
PR_SET_PDEATHSIG = 1

PORT_TAKEN = Message(
    "RUN-001",
    N_("port %(port)s is in use already."),
    N_("Stop what listens there, or set SOUNDINGS_PORT to another number."),
)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    argv: Sequence[str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)
    due: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches only the parent."""
        self.process = subprocess.Popen(  # noqa: S603 - our own command lines
            list(self.argv),
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - started before any thread
        )
        self.started = time.monotonic()

    def keep_alive(self) -> None:
        """Start the process again if it has ended, after a pause that grows with each failure."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.due:
            steady = now - self.started > STEADY_SECONDS
            self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
            self.due = now + self.pause
            log.warning("%s ended (%s); starting it again", self.name, self.process.returncode)
        elif now >= self.due:
            self.due = 0.0
            self.start()

    def stop(self) -> None:
        """End the process: politely first, then at once."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def supervise(
    children: Sequence[Child], *, ready: Callable[[], None], tick: Callable[[], object]
) -> None:
    """Run the children until SIGINT or SIGTERM, calling `tick` every second.

    `ready` is called once, after all were started.
    """
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        for child in children:
            child.start()
        ready()
        while not stopping:
            for child in children:
                child.keep_alive()
            tick()
            time.sleep(TICK_SECONDS)
    finally:
        for child in reversed(children):
            child.stop()


def require_free_port(host: str, port: int) -> None:
    """Raise ProblemsError when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise ProblemsError([PORT_TAKEN.at(Place(), port=port)]) from None


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
