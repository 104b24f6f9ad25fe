"""PURE. The columns of each sheet: one table.

To add a column, add it here and read it in `survey.language.rows` or `survey.language.lists`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """What may stand in the heading of one sheet.

    read          columns that are read
    translated    those of them that may carry '::language'
    needed        those without which the sheet says nothing
    aliases       other spellings, to the column they mean
    later         columns of XLSForm or of the telephone that are refused where a cell is filled
    free          whether other columns are allowed (the choices sheet: for choice_filter)
    """

    read: tuple[str, ...]
    translated: frozenset[str]
    needed: tuple[str, ...]
    aliases: Mapping[str, str]
    later: frozenset[str]
    free: bool = False


_MEDIA = ("image", "big-image", "audio", "video", "autoplay")
LATER_PREFIXES = frozenset({"bind", "body", "control", "instance", "media"})

SURVEY = SheetColumns(
    read=(
        *("type", "name", "label", "hint", "instruction", "probe"),
        *("required", "required_message", "relevant", "constraint", "constraint_message"),
        *("calculation", "choice_filter", "appearance", "parameters"),
        *("dk", "ref", "read_list", "end_with", "construct", "scale", "points", "reverse"),
    ),
    translated=frozenset(
        {"label", "hint", "instruction", "probe", "required_message", "constraint_message"}
    ),
    needed=("type", "name", "label"),
    aliases={
        "caption": "label",
        "command": "type",
        "tag": "name",
        "value": "name",
        "relevance": "relevant",
        "calculate": "calculation",
        "constraining_message": "constraint_message",
        "requiredmsg": "required_message",
    },
    later=frozenset(
        {
            *_MEDIA,
            *("guidance_hint", "default", "read_only", "readonly", "trigger", "repeat_count"),
            *("count", "jr:count", "rows", "save_to", "intent", "query", "compact_tag"),
            *("no_app_error_string", "noapperrorstring", "disabled"),
            *("sms_field", "sms_option", "sms_separator", "sms_allow_media"),
            *("sms_date_format", "sms_datetime_format", "sms_response"),
            *("check", "check_message", "check_kind", "order", "seed"),
        }
    ),
)

CHOICES = SheetColumns(
    read=("list_name", "name", "label", "exclusive", "fixed"),
    translated=frozenset({"label"}),
    needed=("list_name", "name", "label"),
    aliases={"caption": "label", "value": "name"},
    later=frozenset({*_MEDIA, "sms_option", "group"}),
    free=True,
)

SETTINGS = SheetColumns(
    read=("form_title", "form_id", "version", "default_language", "style"),
    translated=frozenset({"form_title"}),
    needed=(),
    aliases={"set_form_title": "form_title", "set_form_id": "form_id"},
    later=frozenset(
        {
            *("instance_name", "name", "public_key", "submission_url", "auto_send"),
            *("auto_delete", "allow_choice_duplicates", "clean_text_values"),
            *("client_editable", "add_none_option", "omit_instanceid", "instance_xmlns"),
            *("namespaces", "attribute", "prefix", "delimiter", "flat", "id_string"),
            *("sms_keyword", "sms_separator", "sms_allow_media", "sms_date_format"),
            *("sms_datetime_format", "sms_response"),
        }
    ),
)

MODEL = SheetColumns(
    read=("from", "to"),
    translated=frozenset(),
    needed=("from", "to"),
    aliases={},
    later=frozenset(),
)

SHEETS: Mapping[str, SheetColumns] = {
    "survey": SURVEY,
    "choices": CHOICES,
    "settings": SETTINGS,
    "model": MODEL,
}

SHEETS_LATER = frozenset({"quotas", "outcomes", "calling", "external_choices", "entities", "osm"})
"""Sheets that are refused when they hold rows."""
