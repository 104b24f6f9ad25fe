"""PURE. Reading single values of a plan: what is missing or of a wrong form is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from analysis.sampling.columns import FloatArray
from analysis.sampling.plan_messages import BAD_VALUE, MISSING_KEY
from foundation.problems import Place, ProblemsError

Fields = Mapping[str, Any]


def required(fields: Fields, key: str) -> Any:
    """Return the value of a key that must be there."""
    if key not in fields:
        raise ProblemsError([MISSING_KEY.at(Place(item=key), key=key)])
    return fields[key]


def names(fields: Fields, *keys: str) -> list[str]:
    """Return the value of the first of `keys` that is there as a list of names, without nulls."""
    value: Any = next((fields[key] for key in keys if fields.get(key) is not None), [])
    listed = value if isinstance(value, list) else [value]
    return [str(name) for name in listed if name is not None]


def choice(fields: Fields, key: str, choices: Sequence[Any], default: Any) -> Any:
    """Return the value of a key with a fixed set of values; the default where it is null."""
    value = default if fields.get(key) is None else fields[key]
    if value not in choices:
        wanted = "one of " + ", ".join(map(str, choices))
        raise ProblemsError([BAD_VALUE.at(Place(item=key), key=key, value=value, wanted=wanted)])
    return value


def some_names(fields: Fields, *keys: str) -> list[str]:
    """Return the names under the first of `keys` that is there; at least one."""
    found = names(fields, *keys)
    if not found:
        raise ProblemsError([MISSING_KEY.at(Place(item=keys[0]), key=keys[0])])
    return found


def name_of(fields: Fields, *keys: str) -> str:
    """Return the single name under the first of `keys` that is there."""
    found = some_names(fields, *keys)
    if len(found) > 1:
        raise _wrong(keys[0], ", ".join(found), "one name")
    return found[0]


def number(fields: Fields, key: str, default: float | None = None) -> float:
    """Return a number, or the default when the key is not there or null."""
    value = fields.get(key)
    if value is None:
        if default is None:
            raise ProblemsError([MISSING_KEY.at(Place(item=key), key=key)])
        return default
    return _number(key, value)


def maybe_number(fields: Fields, key: str) -> float | None:
    """Return a number, or None when the key is not there or null."""
    return None if fields.get(key) is None else number(fields, key)


def numbers(fields: Fields, key: str, default: Sequence[float] | None = None) -> FloatArray:
    """Return (k,) numbers: a list of them or a single one."""
    value = fields.get(key, default)
    if value is None:
        raise ProblemsError([MISSING_KEY.at(Place(item=key), key=key)])
    listed = value if isinstance(value, list | tuple) else [value]
    if not listed:
        raise _wrong(key, "empty", "a number or a list of numbers")
    return np.array([_number(key, one) for one in listed])


def mapping(fields: Fields, key: str) -> Fields:
    """Return an object that must be there."""
    value = required(fields, key)
    if not isinstance(value, Mapping):
        raise _wrong(key, value, "an object")
    return value


def objects(fields: Fields, key: str) -> list[Fields]:
    """Return a list of objects, empty when the key is not there or null."""
    value = fields.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise _wrong(key, value, "a list of objects")
    return value


def totals(fields: Fields, key: str) -> dict[str, float]:
    """Return an object of numbers by name."""
    return {
        str(name): _number(f"{key}.{name}", value) for name, value in mapping(fields, key).items()
    }


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(key, value, "a number")
    return float(value)


def _wrong(key: str, value: object, wanted: str) -> ProblemsError:
    return ProblemsError([BAD_VALUE.at(Place(item=key), key=key, value=value, wanted=wanted)])
