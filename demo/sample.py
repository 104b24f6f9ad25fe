"""PURE. The sample file of one wave of the demo, as the bank would hand it over."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from demo.population import Drawn, Population, branch_name, reference, telephone
from demo.words import BANK_NAME, CHINESE, CUSTOMER_NAME, ENGLISH

COLUMNS = (
    *("id", "name", "phone", "sex", "language", "stratum", "probability"),
    *("bank_name", "segment", "branch"),
)


def sample_file(people: Population, drawn: Sequence[Drawn]) -> bytes:
    """Return the sample as CSV (UTF-8), one row per customer drawn."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(people, drawn))
    return text.getvalue().encode()


def _rows(people: Population, drawn: Iterable[Drawn]) -> Iterator[tuple[object, ...]]:
    for one in drawn:
        language = CHINESE if people.chinese[one.number - 1] else ENGLISH
        yield (
            reference(one.number),
            CUSTOMER_NAME[language] % one.number,
            telephone(people, one.number),
            "female" if people.female[one.number - 1] else "male",
            language,
            one.stratum,
            one.probability,
            BANK_NAME[language],
            one.stratum.partition("-")[0],
            branch_name(people, one.number),
        )
