"""Questionnaires for the tests of the researcher's pages and commands."""

from __future__ import annotations

# One visit, one question for its users; two languages, a case variable, each kind of entry.
BRANCH = """
| settings |
| | form_id | version | default_language | form_title::English (en) | form_title::中文 (zh-Hans) |
| | branch | 1 | English (en) | Branch visits | 网点来访 |
| survey |
| | type | name | label::English (en) | label::中文 (zh-Hans) | relevant | dk | ref | parameters |
| | hidden | customer | | | | | | source=contact |
| | hidden | city | | | | | | |
| | select_one yn | visited | Were you in ${city}? | 去过${city}网点吗？ | | yes | yes | |
| | begin group | visit | The visit | 来访 | ${visited} = '1' | | | |
| | integer | waited | How many minutes did you wait? | 等了几分钟？ | | yes | yes | |
| | text | why | Why so long, ${customer}? | ${customer}为何久等？ | ${waited} > 20 | yes | | |
| | end group | | | | | | | |
| | select_multiple used | used | What else did you use? | 您还用过什么？ | | yes | | |
| choices |
| | list_name | name | label::English (en) | label::中文 (zh-Hans) |
| | yn | 1 | Yes | 是 |
| | yn | 2 | No | 否 |
| | used | 1 | The app | 手机银行 |
| | used | 2 | The website | 网上银行 |
"""

# Every text says it in HTML; nothing of it may run or change a page.
TAG = "<b>x</b><script>alert(1)</script>"
HOSTILE = f"""
| settings |
| | form_id | form_title | version |
| | hostile | {TAG} title | 1 |
| survey |
| | type | name | label | instruction | hint | relevant |
| | select_one l | q1 | {TAG} label | {TAG} instruction | {TAG} hint | |
| | text | q2 | {TAG} second | | | ${{q1}} = '1' |
| choices |
| | list_name | name | label |
| | l | 1 | {TAG} choice |
| | l | 2 | {TAG} other |
"""

# One defect of a kind on each line; DEFECTS says which, with sheet, row and column.
BROKEN = """
| settings |
| | form_id | version |
| | my form | 1 |
| survey |
| | type | name | label | relevant | constraint | calculation | dk | hue |
| | integr | age | Age | | | | | |
| | integer | 1st | First | | | | | |
| | select_one nolist | pick | Pick | | | | | |
| | integer | twice | Twice | | | | maybe | |
| | integer | twice | Again | | | | | |
| | text | said | | | | | | |
| | note | n1 | Note | ${nobody} = 1 | | | | |
| | integer | kids | Kids | | . > | | | |
| | integer | late | Late | ${last} > 1 | | | | |
| | text | shout | Shout | loud(${said}) | | | | |
| | calculate | sum | | | | | | |
| | begin group | g | Group | | | | | |
| | integer | last | Last | | | | | |
| choices |
| | list_name | name | label |
| | yn | 1 | Yes |
| | yn | 1 | No |
"""

DEFECTS = [
    ("FORM-110", "settings", 4, "form_id"),
    ("FORM-101", "survey", 6, "hue"),
    ("FORM-201", "survey", 7, "type"),
    ("FORM-208", "survey", 8, "name"),
    ("FORM-205", "survey", 9, "type"),
    ("FORM-213", "survey", 10, "dk"),
    ("FORM-209", "survey", 11, "name"),
    ("FORM-211", "survey", 12, "label"),
    ("FORM-419", "survey", 13, "relevant"),
    ("FORM-402", "survey", 14, "constraint"),
    ("FORM-420", "survey", 15, "relevant"),
    ("FORM-412", "survey", 16, "relevant"),
    ("FORM-219", "survey", 17, "calculation"),
    ("FORM-214", "survey", 18, "type"),
    ("FORM-303", "choices", 23, "name"),
]
