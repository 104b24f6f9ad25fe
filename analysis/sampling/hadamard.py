"""PURE. Hadamard matrices, by which balanced replicates choose their halves.

Sylvester's doubling where the order is a power of two, else Paley's construction (a prime
p = 3 mod 4 gives order p + 1), doubled where that reaches the order. Orders that neither gives
(28, 36, 52 ...) are passed over for the next one. Row and column order are those of R's survey
package 4.1 for the orders it does not read from a table, so that non-linear statistics agree.
"""

from __future__ import annotations

import numpy as np

from analysis.sampling.columns import IntArray


def hadamard(pairs: int) -> IntArray:
    """Return a 0/1 Hadamard matrix of the least available order above `pairs`.

    Row 0 is all ones; rows 1..pairs are balanced and orthogonal in the -1/+1 sense.

    >>> hadamard(3).shape, hadamard(8).shape, hadamard(20).shape
    ((4, 4), (12, 12), (24, 24))
    """
    order = 4 * (pairs // 4 + 1)
    while True:
        matrix = _of_order(order)
        if matrix is not None:
            return matrix
        order += 4


def _of_order(order: int) -> IntArray | None:
    if order & (order - 1) == 0:
        return _doubled(np.ones((1, 1), dtype=np.int64), order)
    core = order
    while core % 8 == 0:
        core //= 2
    for start in (core, order):
        if _is_prime(start - 1) and start % 4 == 0:
            return _doubled(_paley(start - 1), order)
    return None


def _doubled(matrix: IntArray, order: int) -> IntArray:
    while len(matrix) < order:
        matrix = np.block([[matrix, matrix], [matrix, 1 - matrix]])
    return matrix


def _paley(prime: int) -> IntArray:
    """Return the matrix of order prime + 1 from the quadratic residues of a prime 3 mod 4."""
    steps = np.arange(prime)
    squares = np.unique(steps * steps % prime)
    core = 1 - np.isin((steps[:, None] + steps) % prime, squares).astype(np.int64)
    bordered = np.ones((prime + 1, prime + 1), dtype=np.int64)
    bordered[1:, 1:] = core
    return bordered


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % factor for factor in range(2, int(number**0.5) + 1))
