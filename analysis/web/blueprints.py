"""The blueprints of this package, for `create_app` to register."""

from __future__ import annotations

from flask import Blueprint

from analysis.web import (
    comparisons,
    composites,
    editor,
    imports,
    models,
    planning,
    published,
    quality,
    reports,
    tables,
    weights,
)

ALL: list[Blueprint] = [
    reports.bp,
    models.bp,
    comparisons.bp,
    editor.bp,
    weights.bp,
    tables.bp,
    quality.bp,
    planning.bp,
    published.bp,
    composites.bp,
    imports.bp,
]
