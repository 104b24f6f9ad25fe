"""Every view states who may call it, and every unsafe one asks for the token."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing.converters import AnyConverter, NumberConverter

from accounts.store.tables import Role
from accounts.web.policy import PUBLIC

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def rules(app: Flask):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def path_of(rule) -> str:
    values = {name: _value(converter) for name, converter in rule._converters.items()}
    return rule.build(values)[1]


def _value(converter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 999_999 if isinstance(converter, NumberConverter) else "999999"


def test_every_view_states_its_roles(app: Flask):
    silent = [
        r.endpoint for r in rules(app) if not getattr(app.view_functions[r.endpoint], "roles", None)
    ]
    assert silent == []


def test_no_page_behind_a_login_opens_without_one(app: Flask):
    client = app.test_client()
    for rule in rules(app):
        if app.view_functions[rule.endpoint].roles == PUBLIC or "GET" not in rule.methods:
            continue
        assert client.get(path_of(rule)).status_code in {302, 303}, rule


@pytest.mark.parametrize("role", list(Role))
def test_no_role_reaches_a_page_of_another(app: Flask, as_role, role: Role):
    client = as_role(role)
    for rule in rules(app):
        roles = app.view_functions[rule.endpoint].roles
        if roles == PUBLIC or role in roles:
            continue
        send = client.get if "GET" in rule.methods else client.post
        assert send(path_of(rule)).status_code == 403, (role, rule)


def test_every_unsafe_view_refuses_a_post_without_the_token(app: Flask, as_role):
    for role in Role:
        client = as_role(role).client
        for rule in rules(app):
            roles = app.view_functions[rule.endpoint].roles
            if not UNSAFE & rule.methods or (roles != PUBLIC and role not in roles):
                continue
            assert client.post(path_of(rule)).status_code == 400, rule


def test_every_reply_carries_the_security_headers(app: Flask):
    reply = app.test_client().get("/login")
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
