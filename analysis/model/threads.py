"""PURE. Pieces of one computation on several threads, with the same results in the same order.

numpy lets go of Python's lock while it works on large arrays, so threads share the cores and the
data; no copy is made for each, as processes would need.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")


def in_order(function: Callable[[T], R], pieces: Iterable[T], threads: int) -> Iterator[R]:
    """Yield function(piece) for each of the pieces, in their order, `threads` of them at a time.

    Pieces are taken from the iterator as threads come free, one ahead, in the calling thread.

    >>> list(in_order(abs, [-1, 2, -3], 2))
    [1, 2, 3]
    """
    if threads == 1:
        yield from map(function, pieces)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[R]] = deque()
        for piece in pieces:
            waiting.append(pool.submit(function, piece))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
