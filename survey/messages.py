"""Problems of publishing forms, keeping interviews and reading responses."""

from __future__ import annotations

from foundation.problems import N_, Message

VERSION_TAKEN = Message(
    "SUR-001",
    N_("version '%(version)s' of '%(form_id)s' is published already, with other content."),
    N_("A published version never changes. Give the form a new version on the settings sheet."),
)
INTERVIEW_CLOSED = Message(
    "SUR-002",
    N_("this interview is closed (%(outcome)s)."),
    N_("Nothing was changed. A supervisor can reopen the case."),
)
OUT_OF_STEP = Message(
    "SUR-003",
    N_("this page had been answered already, perhaps in another window."),
    N_("Nothing was overwritten. The interview goes on from where it stands."),
)
NOT_ON_PATH = Message(
    "SUR-004",
    N_("the question '%(question)s' is not asked in this interview as it stands."),
    N_("Nothing was changed. The interview goes on from where it stands."),
)
NO_WAVE_FORM = Message(
    "SUR-005",
    N_("this wave has no questionnaire."),
    N_("Publish a questionnaire and choose it for the wave."),
)
KEY_TAKEN = Message(
    "SUR-006",
    N_("the study '%(key)s' exists already."),
    N_("Choose another short name, or open the study that there is."),
)
BAD_KEY = Message(
    "SUR-007",
    N_("'%(key)s' cannot be the short name of a study."),
    N_("Use 1 to 64 lower-case letters, digits and hyphens, beginning with a letter."),
)
NO_TITLE = Message("SUR-008", N_("the title is empty."), N_("Give it a title."))
LONG_TITLE = Message(
    "SUR-009", N_("the title is longer than %(most)s characters."), N_("Shorten it.")
)
ENDS_BEFORE_START = Message(
    "SUR-010", N_("the wave ends before it begins."), N_("Correct one of the two dates.")
)
BAD_TARGET = Message(
    "SUR-011",
    N_("the target is not a whole number from 0 to %(most)s."),
    N_("Give the number of completed interviews wanted; 0 means none is set."),
)
NO_SUCH_FORM = Message(
    "SUR-012",
    N_("this questionnaire is not published."),
    N_("Choose one of the published questionnaires."),
)
FORM_IN_USE = Message(
    "SUR-013",
    N_("interviews of this wave were opened with the questionnaire '%(form_id)s'."),
    N_("Choose a version of the same questionnaire, or begin a new wave."),
)
BAD_DATE = Message("SUR-014", N_("'%(value)s' is not a date."), N_("Write it as 2026-11-23."))
NO_FILE = Message("SUR-015", N_("no file was chosen."), N_("Choose the file, then send it again."))
