"""The blueprints of this package, for `create_app` to register."""

from __future__ import annotations

from flask import Blueprint

ALL: list[Blueprint] = []
