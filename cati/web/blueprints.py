"""The blueprints of this package, for `create_app` to register."""

from __future__ import annotations

from flask import Blueprint

from cati.web import case, cases, desk, donotcall, floor, interview, rules, samples

ALL: list[Blueprint] = [desk.bp, case.bp, interview.bp, floor.bp, rules.bp, cases.bp, samples.bp,
                        donotcall.bp]  # fmt: skip
