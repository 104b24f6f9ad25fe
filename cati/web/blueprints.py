"""The blueprints of this package, for `create_app` to register."""

from __future__ import annotations

from flask import Blueprint

from cati.web import case, desk, interview

ALL: list[Blueprint] = [desk.bp, case.bp, interview.bp]
