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
