"""Time the questionnaire engine: checking a form, and one routing step, by number of questions.

Run `python -m benchmarks.routing`. Prints the best of several runs as CPU time; a step is one
answer folded into the state and the whole route worked out again. pyxform, where installed,
converts the same form beside it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from survey.interview.routing import route
from survey.interview.state import Answer, Event, EventKind, State, Status, fold
from survey.language.forms import load_form
from survey.language.grammar import parse
from survey.language.model import Form

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SIZES = (25, 100, 500)


def form_source(n_questions: int) -> str:
    """Return a form of ten-choice questions, every other one with a condition."""
    lines = ["| survey |", "| | type | name | label | relevant |"]
    for at in range(n_questions):
        condition = f"${{q{at - 1}}} != 'c3' and ${{q{at // 2}}} != 'c5'" if at % 2 else ""
        lines.append(f"| | select_one ten | q{at} | Question {at}? | {condition} |")
    lines += ["| choices |", "| | list_name | name | label |"]
    lines += [f"| | ten | c{code} | Choice {code} |" for code in range(10)]
    lines += ["| settings |", "| | form_id | form_title |", "| | bench | Bench |"]
    return "\n".join(lines)


def best(act: Callable[[], object], times: int) -> float:
    """Return the shortest CPU time of an act in seconds."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        act()
        spent.append(time.process_time() - start)
    return min(spent)


def full_state(form: Form) -> State:
    answers = {question.name: Answer(Status.ANSWERED, "c1") for question in form.questions}
    return State(answers=answers)


def step_seconds(form: Form) -> float:
    """Return the time of recording one answer late in an interview and routing again."""
    state = full_state(form)
    last = form.questions[-1].name
    event = Event(1, EventKind.ANSWERED, last, "c2", Status.ANSWERED)
    repeats = 20
    spent = best(
        lambda: [route(form, fold([event], state), now=NOW) for _ in range(repeats)], times=10
    )
    return spent / repeats


def pyxform_seconds(source: str) -> float | None:
    try:
        from pyxform.xls2xform import convert
    except ImportError:
        return None
    return best(lambda: convert(source, validate=False, file_type=".md"), times=3)


def check(source: str) -> Form:
    parse.cache_clear()
    return load_form(source.encode(), "bench.md")


def main() -> None:
    print("questions   check ms   pyxform ms   step us")
    for size in SIZES:
        source = form_source(size)
        form = check(source)
        ours = best(lambda source=source: check(source), times=3) * 1e3  # type: ignore[misc]
        theirs = pyxform_seconds(source)
        step = step_seconds(form) * 1e6
        said = f"{theirs * 1e3:.0f}" if theirs else "-"
        print(f"{size:9} {ours:10.0f} {said:>12} {step:9.0f}")


if __name__ == "__main__":
    main()
