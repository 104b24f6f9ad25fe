"""The command `soundings forms`: check, convert, try, publish."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from commands import main
from foundation.database import Store
from survey.language.forms import load_form
from survey.store.tables import FormDraft, FormVersion
from tests.conftest import KEY
from tests.questionnaires import BRANCH, BROKEN, DEFECTS


@pytest.fixture
def branch(tmp_path: Path) -> Path:
    path = tmp_path / "branch.md"
    path.write_text(BRANCH, encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.md"
    path.write_text(BROKEN, encoding="utf-8")
    return path


@pytest.fixture
def installation(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", store_url)
    for name in ("SECRET", "FIELD", "INDEX"):
        monkeypatch.setenv(f"SOUNDINGS_{name}_KEY", KEY)


def run(*arguments: object, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["forms", *map(str, arguments)], input=typed)


def test_a_sound_questionnaire_is_checked_without_a_word_of_complaint(branch: Path):
    result = run("check", branch)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "branch.md: branch 1, 4 questions, no errors.\n"


@pytest.mark.parametrize("command", ["check", "try", "publish"])
def test_a_broken_one_ends_with_every_defect_and_exit_code_1(
    command: str, broken: Path, installation: None, store: Store
):
    result = run(command, broken)
    assert result.exit_code == 1
    errors = [line for line in result.stderr.splitlines() if not line.startswith("warning")]
    assert len(errors) == len(DEFECTS)
    for line, (code, sheet, row, column) in zip(errors, DEFECTS, strict=True):
        assert f"[{code}] broken.md, sheet '{sheet}', row {row}, column '{column}': " in line
    assert "Traceback" not in result.output
    with store.read() as session:
        assert session.exec(select(FormVersion)).all() == []
        assert session.exec(select(FormDraft)).all() == []


def test_warnings_are_told_and_do_not_fail(branch: Path):
    branch.write_text(BRANCH.replace("| used | 2", "| unused | 2"), encoding="utf-8")
    result = run("check", branch)
    assert result.exit_code == 0
    assert result.stderr.startswith("warning [FORM-305] branch.md, sheet 'choices'")


def test_the_twins_say_the_same(branch: Path, tmp_path: Path):
    book, text = tmp_path / "out.xlsx", tmp_path / "out.md"
    assert run("convert", branch, "--to", "xlsx", book).exit_code == 0
    assert run("convert", book, "--to", "md", text).exit_code == 0
    digests = {load_form(p.read_bytes(), p.name).digest for p in (branch, book, text)}
    assert len(digests) == 1


def test_a_file_that_cannot_be_read_writes_no_twin(tmp_path: Path):
    damaged, out = tmp_path / "damaged.xlsx", tmp_path / "out.md"
    damaged.write_bytes(b"PK\x03\x04 not a workbook")
    result = run("convert", damaged, "--to", "md", out)
    assert (result.exit_code, out.exists()) == (1, False)
    assert "[FORM-" in result.stderr


def test_a_place_that_cannot_be_written_is_told(branch: Path, tmp_path: Path):
    result = run("convert", branch, "--to", "md", tmp_path / "nowhere" / "out.md")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "nowhere" in result.stderr


def test_it_is_published_once(branch: Path, installation: None, store: Store):
    for _ in range(2):
        result = run("publish", branch)
        assert (result.exit_code, result.stdout) == (0, "branch 1 is published.\n")
    with store.read() as session:
        (version,) = session.exec(select(FormVersion)).all()
    assert version.source == branch.read_bytes()


def test_other_content_under_a_published_version_is_refused(
    branch: Path, installation: None, store: Store
):
    run("publish", branch)
    branch.write_text(BRANCH.replace("you wait", "they wait"), encoding="utf-8")
    result = run("publish", branch)
    assert result.exit_code == 1
    assert result.stderr.startswith("[SUR-001]")


def test_an_unknown_login_publishes_nothing(branch: Path, installation: None, store: Store):
    result = run("publish", branch, "--by", "nobody")
    assert result.exit_code == 1
    assert "there is no login 'nobody'" in result.stderr
    with store.read() as session:
        assert session.exec(select(FormVersion)).all() == []


def test_the_terminal_plays_the_interview(branch: Path):
    typed = ["1", "long", "25", "/w", "/b", "/r", "/b", "25", "They talked", "1 2"]
    result = run("try", branch, "--var", "customer=Ms Li", "--var", "city=Xi'an",
                 typed="\n".join(typed) + "\n")  # fmt: skip
    assert result.exit_code == 0
    told = result.stdout
    assert "Were you in Xi'an?" in told
    assert "Why so long, Ms Li?" in told
    assert "1  Yes" in told
    assert "! 'long' is no whole number. Type digits only, at most 15." in told
    assert "Asked because ${visited} = '1' (group visit)\n  visited: Yes" in told
    assert "Asked because ${waited} > 20\n  waited: 25" in told
    assert "(so far: 25)" in told
    assert "(so far: ref)" in told
    assert told.endswith("The interview ends: complete.\n")


def test_the_terminal_speaks_each_language_of_the_form(branch: Path):
    assert "等了几分钟？" in run("try", branch, "--language", "zh-Hans", typed="1\n/q\n").stdout
    refused = run("try", branch, "--language", "fr")
    assert refused.exit_code == 1
    assert "en, zh-Hans" in refused.stderr


def test_a_case_variable_that_the_form_has_not_is_refused(branch: Path):
    refused = run("try", branch, "--var", "town=Xi'an")
    assert refused.exit_code == 1
    assert "customer, city" in refused.stderr


def test_input_that_ends_early_ends_the_trial(branch: Path):
    result = run("try", branch, typed="1\n")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_the_guide_has_every_command():
    guide = Path("docs/researcher.md").read_text(encoding="utf-8")
    for name in ("check", "convert", "try", "publish"):
        assert f"soundings forms {name}" in guide
