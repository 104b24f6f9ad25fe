"""The blueprints of this package, for `create_app` to register."""

from __future__ import annotations

from flask import Blueprint

from analysis.web import imports, models, quality, reports, weights

ALL: list[Blueprint] = [reports.bp, models.bp, weights.bp, quality.bp, imports.bp]
