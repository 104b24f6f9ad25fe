"""The file that a command writes: checked before the work begins, and never half written."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutputFile(click.ParamType[Path]):
    """The path of a file to write, as an option of a command; its folder must be there."""

    name = "file"

    def convert(
        self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the path; a usage error when no file of that name can be made."""
        path = Path(value)
        if path.is_dir():
            self.fail(f"'{path}' is a folder. Name a file in it.", param, ctx)
        if not path.parent.is_dir():
            self.fail(f"there is no folder '{path.parent}'. Make it first.", param, ctx)
        if not os.access(path.parent, os.W_OK):
            self.fail(f"the folder '{path.parent}' cannot be written to.", param, ctx)
        return path


OUTPUT = OutputFile()


def write_whole(target: Path, text: str) -> None:
    """Write a file so that it is either whole or not there: a new file takes the name.

    What is no ordinary file (a pipe, a terminal) is written to as it is. click.FileError when
    the system refuses.
    """
    with _named_errors(target):
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")
            return
        real = target.resolve()
        draft = real.with_name(f".{real.name}.{os.getpid()}")
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(real)
        finally:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _named_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.FileError(str(target), hint=error.strerror) from None
