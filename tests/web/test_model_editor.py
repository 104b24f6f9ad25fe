"""The model editor and the comparison pages: what is refused, what is kept, what a worker does."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from accounts.store.tables import Role
from analysis import computing, findings
from analysis.jobs import compare_groups, find_segments
from analysis.model.specify import model_from_json
from analysis.store import findings as stored
from foundation import jobs
from foundation.database import Store, utc_now
from foundation.problems import ProblemsError
from foundation.settings import Settings
from survey import forms, studies
from survey.store.tables import Wave
from tests import outside
from tests.builders import form_source
from tests.outside import MODEL, add_mobi

FEW = 60
FORM = """
| survey |                  |         |               |           |
|        | type             | name    | label         | construct | points | reverse |
|        | select_one s     | q1      | Staff?        | quality   | 1-5   |         |
|        | select_one s     | q2      | Waiting?      | quality   | 1-5   |         |
|        | select_one s     | s1      | Content?      | satisfied | 1-5   |         |
|        | select_one s     | s2      | Annoyed?      | satisfied | 1-5   | yes     |
|        | select_one s     | l1      | Come again?   | loyal     | 1-5   |         |
|        | text             | why     | Why?          |           |       |         |
| choices |
|        | list_name | name | label |
|        | s         | 1    | no    |
|        | s         | 2    | 2     |
|        | s         | 3    | 3     |
|        | s         | 4    | 4     |
|        | s         | 5    | yes   |
| model  |
|        | from    | to        |
|        | quality | satisfied |
| settings |
|        | form_id | version | form_title |
|        | shop    | 1       | Shop       |
"""


@pytest.fixture
def imported(app: Flask, store: Store) -> int:
    """Return an imported wave of the published example."""
    with store.write() as session:
        return add_mobi(session)


@pytest.fixture
def interviewed(app: Flask, store: Store) -> int:
    """Return a wave with a questionnaire that holds a model of its own, and no answers yet."""
    with store.write() as session:
        version = forms.publish(session, form_source(FORM), "shop.md", by=None, now=utc_now())
        study = studies.create_study(session, "shop", title={"en": "Shop"}, by=None, now=utc_now())
        plan = studies.WavePlan(title={"en": "One"}, form_version_id=version.id)
        wave = studies.add_wave(session, study.id, plan, by=None, now=utc_now())
        return wave.id


def path(wave_id: int) -> str:
    return f"/models/waves/{wave_id}/editor"


def checked(client, wave_id: int, model: object) -> dict:
    client.get(path(wave_id))
    reply = client.send(f"{path(wave_id)}/check", model)
    assert reply.status_code == 200
    return reply.get_json()


def codes(found: dict) -> list[str]:
    return [own["code"] for own in found["problems"] if own["is_error"]]


def shop(**changes: object) -> dict:
    model = {
        "constructs": [
            {"name": "quality", "mode": "B", "indicators": ["q1", "q2"]},
            {"name": "satisfied", "indicators": ["s1", "s2"]},
            {"name": "loyal", "indicators": ["l1"]},
        ],
        "paths": [{"from": "quality", "to": "satisfied"}, {"from": "satisfied", "to": "loyal"}],
    }
    return {**model, **changes}


def test_a_model_without_defects_takes_scales_and_directions_from_the_form(
    as_role, store: Store, interviewed: int
):
    client = as_role(Role.RESEARCHER)
    found = checked(client, interviewed, shop())
    assert found["is_fine"]
    assert codes(found) == []
    assert [own["code"] for own in found["problems"]] == ["DATA-307"]
    assert [box["name"] for box in found["drawing"]["boxes"]] == ["quality", "satisfied", "loyal"]
    reply = client.post(f"{path(interviewed)}/versions", {
        "model": json.dumps(shop()), "note": "with loyalty", "start": "form",
    })  # fmt: skip
    assert reply.status_code == 302
    with store.read() as session:
        wave = session.get_one(Wave, interviewed)
        (version,) = stored.versions(session, interviewed)
        source = computing.gather(session, interviewed)
    assert wave.model == version.model
    assert version.model["scales"]["s2"] == {"min": 1, "max": 5}
    assert version.model["reversed"] == ["s2"]
    assert source.model.digest == version.digest
    assert source.form_digest
    assert (version.number, version.start, version.note) == (1, "form", "with loyalty")


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"paths": [*shop()["paths"], {"from": "loyal", "to": "quality"}]}, "MODEL-211", "paths"),
        ({"constructs": [*shop()["constructs"], {"name": "x"}]}, "MODEL-205", "constructs[3]"),
        ({"constructs": [*shop()["constructs"], {"name": "x", "indicators": ["q1"]}],
          "paths": [*shop()["paths"], {"from": "x", "to": "loyal"}]}, "MODEL-206", "x"),
        ({"constructs": [*shop()["constructs"][:2], {"name": "loyal", "indicators": ["why"]}]},
         "WAVE-103", "loyal"),
    ],
    ids=["cycle", "no items", "item twice", "no number"],
)  # fmt: skip
def test_every_defect_is_told_with_its_place(
    as_role, interviewed: int, changes: dict, code: str, place: str
):
    client = as_role(Role.RESEARCHER)
    found = checked(client, interviewed, shop(**changes))
    assert not found["is_fine"]
    said = {own["code"]: own["place"] for own in found["problems"]}
    assert code in said, said
    assert said[code] == place
    reply = client.post(f"{path(interviewed)}/versions", {"model": json.dumps(shop(**changes))})
    assert reply.status_code == 422
    assert code in reply.get_data(as_text=True)


def test_what_is_no_model_at_all_is_told(as_role, interviewed: int):
    client = as_role(Role.RESEARCHER)
    for written in ("{", "[]", "", '{"constructs": 3}'):
        client.get(path(interviewed))
        reply = client.post(f"{path(interviewed)}/versions", {"model": written})
        assert reply.status_code == 422, written
    assert not checked(client, interviewed, [1, None])["is_fine"]


def test_a_version_and_the_forms_own_model_can_be_put_in_force_again(
    as_role, store: Store, interviewed: int
):
    client = as_role(Role.RESEARCHER)
    for note in ("one", "two"):
        client.get(path(interviewed))
        client.post(f"{path(interviewed)}/versions", {"model": json.dumps(shop()), "note": note})
    page = client.get(path(interviewed)).get_data(as_text=True)
    assert "one" in page
    for name, has_model in (("1", True), ("form", False)):
        assert client.post(f"{path(interviewed)}/use", {"version": name}).status_code == 302
        with store.read() as session:
            assert (session.get_one(Wave, interviewed).model is not None) == has_model
    assert client.post(f"{path(interviewed)}/use", {"version": "9"}).status_code == 404


def test_the_imported_model_stays_as_the_first_version(as_role, store: Store, imported: int):
    client = as_role(Role.RESEARCHER)
    model = json.loads(MODEL)
    model["paths"] = model["paths"][:-1]
    own = {key: model[key] for key in ("constructs", "paths")}
    client.get(path(imported))
    assert client.post(f"{path(imported)}/versions", {"model": json.dumps(own)}).status_code == 302
    with store.read() as session:
        second, first = stored.versions(session, imported)
    assert model_from_json(first.model).digest == model_from_json(MODEL).digest
    assert first.start == "import"
    assert len(second.model["paths"]) == len(first.model["paths"]) - 1
    assert second.model["scales"]["CUSA1"] == {"min": 1, "max": 10}


@pytest.mark.parametrize("name", ["acsi", "nps", "form", "nonsense"])
def test_the_editor_opens_with_models_that_ship(as_role, interviewed: int, name: str):
    page = as_role(Role.RESEARCHER).get(f"{path(interviewed)}?start={name}")
    assert page.status_code == 200
    written = page.get_data(as_text=True).split('spellcheck="false">')[1].split("</textarea>")[0]
    model = json.loads(written.replace("&#34;", '"'))
    assert len(model["constructs"]) == (2 if name in ("form", "nonsense") else len(
        model["constructs"]
    ))  # fmt: skip
    assert model["paths"]


def with_branches(store: Store, monkeypatch: pytest.MonkeyPatch) -> int:
    lines = outside.DATA.decode().splitlines()
    rows = [f"{line},{'pier' if n < 20 else 'north' if n % 2 else 'south'}"
            for n, line in enumerate(lines[1:])]  # fmt: skip
    content = "\n".join([f"{lines[0]},branch", *rows]) + "\n"
    monkeypatch.setattr(outside, "DATA", content.encode())
    with store.write() as session:
        return add_mobi(session, key="branches")


def done(store: Store, settings: Settings, task: str, wave_id: int, work) -> None:
    """Do the newest job of a kind, with few resamples, as a worker would."""
    with store.write() as session:
        job = findings.newest_job(session, task, wave_id)
        assert job is not None
        if "resamples" in job.params:
            job.params = {**job.params, "resamples": FEW}
        else:
            job.params = {**job.params, "most": 2, "starts": 3}
        number = job.id
    begun = jobs.begin(store, settings, number)
    assert begun is not None
    work(begun)


def test_groups_are_compared_verdict_first_and_small_ones_are_refused(
    as_role, store: Store, settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    wave_id = with_branches(store, monkeypatch)
    client = as_role(Role.RESEARCHER)
    address = f"/models/waves/{wave_id}/compare/groups"
    assert "No groups were compared yet" in client.get(address).get_data(as_text=True)
    asked = {"by": "answer:branch", "method": "permutation", "correction": "holm"}
    for wrong in ({"by": "answer:IMAG1"}, {"method": "x"}, {"correction": "x"}):
        assert client.post(address, {**asked, **wrong}).status_code == 400
    assert client.post(address, asked).status_code == 302
    assert client.post(address, asked).status_code == 302
    assert client.get(f"{address}/progress").get_json()["state"] == "waiting"
    done(store, settings, findings.COMPARE_TASK, wave_id, compare_groups)
    page = client.get(address).get_data(as_text=True)
    assert "fewer than 30 complete interviews were left out: pier (20)." in page
    assert "GROUP-505" not in page
    assert page.index('id="verdicts"') < page.index('id="differences_paths"')
    assert any(word in page for word in ("comparable", "not comparable"))
    assert 'id="micom"' in page
    henseler = client.get(f"{address}?method=henseler").get_data(as_text=True)
    assert henseler.split('id="differences_paths"')[1] != page.split('id="differences_paths"')[1]
    found = json.loads(client.get(f"{address}/tables.json").data)
    assert len(found["differences_paths"]) == 12
    assert found["origin"]["by"] == "answer:branch"


def test_waves_are_compared_with_each_other(
    as_role, store: Store, settings: Settings, imported: int
):
    with store.write() as session:
        second = add_mobi(session)
    client = as_role(Role.RESEARCHER)
    address = f"/models/waves/{second}/compare/groups"
    page = client.get(address).get_data(as_text=True)
    assert f'value="wave:{imported}"' in page
    asked = {"by": f"wave:{imported}", "method": "welch", "correction": "none", "weighted": "yes"}
    assert client.post(address, asked).status_code == 302
    done(store, settings, findings.COMPARE_TASK, second, compare_groups)
    found = json.loads(client.get(f"{address}/tables.json").data)
    assert all(abs(row["difference"]) < 1e-12 for row in found["differences_paths"])


def test_fewer_than_two_large_groups_cannot_be_compared(
    store: Store, settings: Settings, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    wave_id = with_branches(store, monkeypatch)
    asked = findings.Asked("answer:nothing", "welch", "holm", weighted=False)
    with store.write() as session:
        job = findings.request(session, findings.COMPARE_TASK, wave_id, asked, by=None)
        number = job.id
    begun = jobs.begin(store, settings, number)
    assert begun is not None
    with pytest.raises(ProblemsError) as refused:
        compare_groups(begun)
    assert refused.value.problems[0].message.code == "WAVE-212"


def test_segments_are_looked_for_and_nobody_is_named(
    as_role, store: Store, settings: Settings, imported: int
):
    client = as_role(Role.RESEARCHER)
    address = f"/models/waves/{imported}/compare/segments"
    client.get(address)
    assert client.post(address, {"most": "2"}).status_code == 302
    done(store, settings, findings.SEGMENT_TASK, imported, find_segments)
    page = client.get(address).get_data(as_text=True)
    assert 'id="criteria"' in page
    assert 'id="segments_2"' in page
    with store.read() as session:
        (found,) = findings.newest(session, imported, findings.FindingKind.SEGMENTS)
    assert "rows" not in found.numbers
    assert all("assignment" not in own for own in found.numbers["solutions"])
