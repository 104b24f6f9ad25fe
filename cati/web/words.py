"""Sentences that the scripts of the interviewer's pages say, in the language of the page."""

from __future__ import annotations

from flask_babel import gettext as _

from cati.rules.outcomes import outcome_ending


def outcome_name(code: str) -> str:
    """Return an outcome in words; a code that means nothing here as it stands."""
    outcome = outcome_ending(code)
    return str(_(outcome.label)) if outcome else code


def interview_texts() -> dict[str, str]:
    """Return the sentences of the interview page; words in braces are filled in by the script."""
    waiting = {"n": "{n}"}
    return {
        "saved": _("✓ saved"),
        "saving": _("… saving, %(n)s waiting", **waiting),
        "offline": _("✕ offline, %(n)s kept on this computer", **waiting),
        "login": _("✕ logged out, %(n)s kept on this computer", **waiting),
        "wrong_key": _("%(key)s means nothing here. Keys: %(keys)s", key="{key}", keys="{keys}"),
        "dk_key": "D",
        "ref_key": "R",
        "off_path": _("Answers that this change puts off the path: %(n)s", **waiting),
        "not_asked": _not_asked(),
        "not_saved": _("Not saved, please enter anew: %(names)s", names="{names}"),
    }


def _not_asked() -> str:
    return str(_("The line is down: the supervisor was not asked. Press F10 again later."))


def case_texts() -> dict[str, str]:
    """Return the sentences of the page of a case."""
    return {
        "in_call": _("in the call"),
        "not_asked": _not_asked(),
        "wrong_key": _(
            "%(key)s means nothing here. The letters stand beside the outcomes; ? shows all keys.",
            key="{key}",
        ),
        "offline": _("The line is down. Nothing was changed; try again."),
    }
