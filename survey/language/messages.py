"""PURE. Every defect of a questionnaire file, by number.

FORM-0xx file · 1xx headings and settings · 2xx rows · 3xx choices · 7xx measurement model.
FORM-4xx to 6xx, what can be wrong in an expression or a fill, stand in `expression_messages`.
Never reuse a number.
"""

from __future__ import annotations

from foundation.problems import N_, Message

# 0xx file
FILE_TYPE = Message(
    "FORM-001",
    N_("a questionnaire cannot be read from '%(name)s'."),
    N_("Save it as .xlsx, .csv or .md."),
)
FILE_TOO_LARGE = Message(
    "FORM-002",
    N_("the file is larger than %(limit)s MB."),
    N_("Remove pictures and sheets that are no questionnaire."),
)
FILE_DAMAGED = Message(
    "FORM-003",
    N_("the file is no Excel workbook, or it is damaged."),
    N_("Open it in a spreadsheet program and save it again as .xlsx."),
)
TOO_MANY_ROWS = Message(
    "FORM-004",
    N_("the sheet has more than %(limit)s rows."),
    N_("Delete the rows below the last question, empty ones too."),
)
TOO_MANY_COLUMNS = Message(
    "FORM-005",
    N_("the sheet has more than %(limit)s columns."),
    N_("Delete the columns right of the last heading, empty ones too."),
)
FORMULA = Message(
    "FORM-006",
    N_("the cell holds a formula."),
    N_("Replace it by its value, or type an apostrophe before the text."),
)
NOT_UTF8 = Message(
    "FORM-007", N_("the text is not in UTF-8."), N_("Save the file again with the encoding UTF-8.")
)
FILE_UNSAFE = Message(
    "FORM-008",
    N_("the workbook unpacks to more than it may, or declares entities."),
    N_("Open it in a spreadsheet program and save it again as .xlsx."),
)
NO_SHEET_NAME = Message(
    "FORM-009",
    N_("a row stands before the first sheet name."),
    N_("Begin with a line that holds only '| survey |', or 'survey' in the first column."),
)
NO_SURVEY = Message(
    "FORM-010",
    N_("there is no sheet 'survey'."),
    N_("Add the sheet 'survey' with the columns type, name and label."),
)
SHEET_TWICE = Message(
    "FORM-011", N_("the sheet '%(name)s' is there twice."), N_("Keep one of them.")
)
SHEET_NEAR = Message(
    "FORM-012",
    N_("the sheet '%(name)s' is not read."),
    N_("Did you mean '%(near)s'? Put '_' before the name to silence this."),
    "warning",
)
SHEET_LATER = Message(
    "FORM-013",
    N_("the sheet '%(name)s' is part of the language but not read yet."),
    N_("Empty the sheet or remove it."),
)
CELL_ASTRAY = Message(
    "FORM-014",
    N_("'%(text)s' stands in a column without a heading."),
    N_("Give the column a heading, or remove the cell."),
)
ROW_OPEN = Message(
    "FORM-015",
    N_("the row does not end with '|'."),
    N_("End each row of a table with '|'."),
)
CONTROL_SIGN = Message(
    "FORM-016",
    N_("a cell holds a control sign that nobody can see."),
    N_("Type the text of the row again."),
)
CSV_DAMAGED = Message(
    "FORM-017",
    N_("the line cannot be read as comma-separated values."),
    N_("Close every quotation mark; a cell may hold %(limit)s signs."),
)
CELL_TOO_LONG = Message(
    "FORM-018",
    N_("a cell has more than %(limit)s signs."),
    N_("Shorten the text."),
)
SHEET_NAME = Message(
    "FORM-019",
    N_("'%(name)s' cannot be the name of a sheet in Excel, or is there twice."),
    N_("Use at most 31 signs and none of [ ] : * ? / \\ ."),
)

# 1xx headings and settings
COLUMN_UNKNOWN = Message(
    "FORM-101", N_("there is no column '%(name)s' in this sheet."), N_("Nearest known: %(near)s.")
)
COLUMN_LATER = Message(
    "FORM-102",
    N_("the column '%(name)s' is XLSForm or telephone language but not read yet."),
    N_("Empty the cell or remove the column."),
)
COLUMN_TWICE = Message("FORM-103", N_("two columns mean '%(name)s'."), N_("Keep one of them."))
COLUMN_NO_LANGUAGE = Message(
    "FORM-104",
    N_("the column '%(name)s' cannot have a language."),
    N_("Take '::' and the language away."),
)
COLUMN_MISSING = Message(
    "FORM-105",
    N_("the sheet needs the column '%(name)s'."),
    N_("Add it to the first row of the sheet."),
)
LANGUAGE_NO_CODE = Message(
    "FORM-106",
    N_("the language '%(name)s' has no code."),
    N_("Write for example 'label::English (en)'."),
    "warning",
)
LANGUAGE_BARE = Message(
    "FORM-107",
    N_("'%(name)s' has no language although others have one."),
    N_("Write '%(name)s::English (en)', or set default_language."),
)
LANGUAGE_DEFAULT = Message(
    "FORM-108",
    N_("no text is written in the default language '%(name)s'."),
    N_("Set default_language to one of: %(known)s."),
)
FORM_ID_MISSING = Message(
    "FORM-109",
    N_("the questionnaire has no form_id."),
    N_("Add a sheet 'settings' with the column form_id and one row."),
)
FORM_ID_BAD = Message(
    "FORM-110",
    N_("'%(text)s' cannot be a form_id."),
    N_("Begin with a letter; use letters, digits, '-', '_' and '.' only; at most 64 signs."),
)
SETTINGS_ROWS = Message("FORM-111", N_("the settings have more than one row."), N_("Keep one row."))
TITLE_MISSING = Message(
    "FORM-112",
    N_("the questionnaire has no form_title."),
    N_("The form_id is shown instead."),
    "warning",
)
LANGUAGE_CODE_TWICE = Message(
    "FORM-113",
    N_("two languages have the code '%(code)s': '%(name)s' and '%(other)s'."),
    N_("Write the language alike in every heading."),
)

# 2xx rows of the survey
TYPE_UNKNOWN = Message(
    "FORM-201", N_("there is no type '%(name)s'."), N_("Nearest known: %(near)s.")
)
TYPE_LATER = Message(
    "FORM-202", N_("the type '%(name)s' is XLSForm but not read yet."), N_("Use one of: %(known)s.")
)
TYPE_MISSING = Message(
    "FORM-203", N_("the row has no type."), N_("Write a type, or empty the row.")
)
LIST_NOT_NAMED = Message(
    "FORM-204",
    N_("'%(name)s' does not say which list."),
    N_("Write '%(name)s' and the list_name of the choices."),
)
LIST_UNKNOWN = Message(
    "FORM-205", N_("there is no list '%(name)s' in the choices."), N_("Nearest known: %(near)s.")
)
TYPE_WORDS = Message(
    "FORM-206", N_("'%(words)s' after '%(name)s' means nothing."), N_("Take it away.")
)
NAME_MISSING = Message(
    "FORM-207",
    N_("the row has no name."),
    N_("Give it a name: letters, digits and '_', beginning with a letter."),
)
NAME_BAD = Message(
    "FORM-208",
    N_("'%(name)s' cannot be a name."),
    N_("Begin with a letter or '_'; use letters, digits, '-', '_' and '.' only; at most 64 signs."),
)
NAME_TWICE = Message(
    "FORM-209",
    N_("the name '%(name)s' is already used in row %(row)s."),
    N_("Give each row its own name."),
)
NAME_CASE = Message(
    "FORM-210",
    N_("'%(name)s' and '%(other)s' in row %(row)s differ only in capital letters."),
    N_("Statistics programs may take them for one variable; rename one."),
    "warning",
)
LABEL_MISSING = Message(
    "FORM-211", N_("'%(name)s' has no label."), N_("Write the text to be read out.")
)
TRANSLATION_MISSING = Message(
    "FORM-212",
    N_("the text of '%(name)s' is missing in %(language)s."),
    N_("Translate it, or empty it in every language."),
)
YES_NO = Message("FORM-213", N_("'%(text)s' is neither yes nor no."), N_("Write yes or no."))
GROUP_OPEN = Message(
    "FORM-214", N_("the group '%(name)s' is never closed."), N_("Add a row 'end group'.")
)
GROUP_CLOSE = Message(
    "FORM-215",
    N_("'end group' closes no group."),
    N_("Remove the row, or add 'begin group' before it."),
)
GROUP_EMPTY = Message("FORM-216", N_("the group '%(name)s' is empty."), N_("Remove it."), "warning")
SURVEY_EMPTY = Message(
    "FORM-217", N_("the survey asks nothing."), N_("Add at least one question or note.")
)
NOT_FOR_TYPE = Message(
    "FORM-218", N_("'%(column)s' means nothing for the type '%(type)s'."), N_("Empty the cell.")
)
CALCULATION_MISSING = Message(
    "FORM-219",
    N_("'%(name)s' calculates nothing."),
    N_("Write an expression into the column calculation."),
)
MESSAGE_UNUSED = Message(
    "FORM-220",
    N_("'%(column)s' is never shown: there is no %(rule)s."),
    N_("Write the %(rule)s, or empty the cell."),
    "warning",
)
PARAMETER_BAD = Message(
    "FORM-221",
    N_("the parameter '%(text)s' is not known for the type '%(type)s'."),
    N_("Nearest known: %(near)s."),
)
OUTCOME_BAD = Message(
    "FORM-222",
    N_("'%(text)s' cannot be an outcome code."),
    N_("Write a code such as 4.7 or screened-out."),
)
END_NAME = Message(
    "FORM-223",
    N_("'end group' names '%(name)s' but '%(open)s' is open."),
    N_("Name the group that ends here, or leave the name out."),
)

# 3xx choices
LIST_NAME_MISSING = Message(
    "FORM-301", N_("the choice belongs to no list."), N_("Fill the column list_name.")
)
CODE_MISSING = Message("FORM-302", N_("the choice has no code."), N_("Fill the column name."))
CODE_TWICE = Message(
    "FORM-303",
    N_("the code '%(code)s' is already used in row %(row)s of the list '%(list)s'."),
    N_("Give each choice its own code."),
)
CODE_SPACE = Message(
    "FORM-304", N_("the code '%(code)s' has a space."), N_("Use letters, digits, '-', '_' and '.'.")
)
LIST_UNUSED = Message(
    "FORM-305", N_("no question uses the list '%(name)s'."), N_("Remove it, or use it."), "warning"
)
EXCLUSIVE_ONE = Message(
    "FORM-306",
    N_("'exclusive' means nothing in '%(list)s': no select_multiple uses it."),
    N_("Empty the cell."),
)
CODE_LONG = Message(
    "FORM-307", N_("the code '%(code)s' is longer than %(limit)s signs."), N_("Shorten it.")
)

# 7xx measurement model
POINTS_MISSING = Message(
    "FORM-701",
    N_("'%(name)s' measures '%(construct)s' but has no points."),
    N_("Write the ends of its scale, for example 1-10."),
)
POINTS_MIXED = Message(
    "FORM-702",
    N_(
        "'%(name)s' has the points %(points)s, but '%(other)s' of the same construct "
        "'%(construct)s' has %(others)s."
    ),
    N_("Give the indicators of a construct one scale."),
)
CONSTRUCT_MISSING = Message(
    "FORM-703",
    N_("'%(column)s' without a construct means nothing."),
    N_("Fill the column construct, or empty the cell."),
)
POINTS_BAD = Message(
    "FORM-704",
    N_("'%(text)s' are no points."),
    N_("Write two whole numbers, the lower first, for example 1-10."),
)
CODE_OFF_POINTS = Message(
    "FORM-706",
    N_("the code '%(code)s' of the list '%(list)s' lies outside the points %(points)s."),
    N_("Use the columns dk and ref for don't know and refused."),
)
CONSTRUCT_UNKNOWN = Message(
    "FORM-707", N_("no question measures the construct '%(name)s'."), N_("Nearest known: %(near)s.")
)
PATH_ITSELF = Message("FORM-708", N_("'%(name)s' points to itself."), N_("Remove the row."))
PATH_CYCLE = Message(
    "FORM-709", N_("the paths run in a circle: %(names)s."), N_("Remove or turn one of them.")
)
PATH_TWICE = Message(
    "FORM-710",
    N_("the path from '%(start)s' to '%(end)s' is already in row %(row)s."),
    N_("Remove one of them."),
)
PATH_END = Message("FORM-711", N_("a path needs both ends."), N_("Fill from and to."))
CONSTRUCT_LOOSE = Message(
    "FORM-712",
    N_("the construct '%(name)s' is in no path."),
    N_("Add a path, or take the construct away."),
    "warning",
)
