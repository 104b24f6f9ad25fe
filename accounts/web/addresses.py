"""Numbers in addresses: only those that a row of the store can have."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowNumber(IntegerConverter):
    """The `<int:...>` of an address; a number that no row can have is no page."""

    def __init__(self, url_map: Map, *args: Any, **limits: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST_ID, **limits})
