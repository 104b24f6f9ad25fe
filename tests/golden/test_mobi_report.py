"""The published example through store, job and page: imported, computed by its job, printed.

Source: Tenenhaus, Esposito Vinzi, Chatelin, Lauro (2005), CSDA 48, 159-205; numbers of cSEM
(mobi_pls.json) and of the 5000 resamples of mobi_bootstrap.json.
"""

from __future__ import annotations

import json

import pytest

from accounts import people
from accounts.store.tables import Role
from analysis import waves
from foundation import queue
from foundation.database import Store, utc_now
from foundation.settings import Settings
from foundation.tables import JobState
from tests.outside import GOLDEN, add_mobi
from wsgi import create_app

RUN = json.loads((GOLDEN / "mobi_pls.json").read_text())["runs"]["path_modeA_standardised"]
BOOTSTRAP = json.loads((GOLDEN / "mobi_bootstrap.json").read_text())
WITHIN = 1e-8


@pytest.fixture
def as_executive(store: Store, settings: Settings):
    """Return a function that fetches a page as an executive."""
    password = "correct horse battery"
    with store.write() as session:
        people.create(
            session, "executive", name="E", role=Role.EXECUTIVE, password=password, now=utc_now()
        )
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"login": "executive", "password": password})
    yield lambda path: client.get(path).get_data(as_text=True)
    app.extensions["soundings"].store.close()


@pytest.fixture
def wave_id(store: Store, settings: Settings) -> int:
    """Return the imported wave, computed by its job."""
    with store.write() as session:
        made = add_mobi(session)
    with store.read() as session:
        job = waves.newest_job(session, made)
    assert job is not None
    assert job.id is not None
    queue.perform_in(store, settings, job.id)
    return made


def test_store_and_page_have_the_published_numbers(store: Store, wave_id: int, as_executive):
    with store.read() as session:
        page = waves.report_page(session, wave_id)
    assert page is not None
    assert page.job is not None
    assert (page.job.state, page.job.done, page.job.total) == (JobState.DONE, 5000, 5000)
    assert page.result is not None
    numbers = page.result.numbers
    assert numbers["base"] == 250
    assert numbers["usable"] == 5000
    for name, stored in numbers["performance"].items():
        assert stored["value"] == pytest.approx(RUN["index"][name]["index_0_100"], abs=WITHIN)
        found = BOOTSTRAP["index_0_100"][name]
        assert stored["se"] == pytest.approx(found["se"], abs=WITHIN)
        assert [stored["low"], stored["high"]] == pytest.approx(
            found["ci95_percentile"], abs=WITHIN
        )
    assert page.report is not None
    assert page.report.index.text == "72.5"
    assert (page.report.index.exact, page.report.index.exact_se) == ("72.45", "0.92")
    shown = as_executive(f"/reports/waves/{wave_id}")
    assert '<strong class="big">72.5</strong>' in shown
    assert "70.6 to 74.2" in shown
    assert "The index is 72.45 with a standard error of 0.92" in shown
    assert "250 respondents" in shown
