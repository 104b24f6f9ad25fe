"""The blueprints of this package, for `create_app` to register."""

from __future__ import annotations

from flask import Blueprint

from survey.web import data, forms, studies, trial

ALL: list[Blueprint] = [studies.bp, forms.bp, trial.bp, data.bp]
