"""Everything that can be wrong on the telephone floor, said with its remedy."""

from __future__ import annotations

from foundation.problems import N_, Message

BAD_NUMBER = Message(
    "NUM-001",
    N_("'%(number)s' cannot be a telephone number."),
    N_("Write digits only, with +country code when it is abroad."),
)
IMPOSSIBLE_NUMBER = Message(
    "NUM-002",
    N_("no telephone has the number '%(number)s'."),
    N_("Look for a missing or doubled digit, or a missing area code."),
)
EXTENSION_NUMBER = Message(
    "NUM-003",
    N_("'%(number)s' has an extension."),
    N_("Give the direct number; put the extension into a column of its own."),
)

BAD_HOURS = Message(
    "HOUR-001",
    N_("'%(value)s' cannot be the calling hours of '%(day)s'."),
    N_("Write 09:00-21:00 for a day, leave it empty when closed, 2026-10-01 for a holiday."),
)
RULE_UNKNOWN = Message(
    "HOUR-002",
    N_("there is no rule '%(name)s'."),
    N_("docs/reference/outcomes.md lists all rules."),
)
RULE_NUMBER = Message(
    "HOUR-003",
    N_("'%(value)s' cannot be the value of the rule '%(name)s'."),
    N_("It takes a whole number from %(least)s to %(most)s."),
)
RULE_CHOICE = Message(
    "HOUR-004",
    N_("'%(value)s' cannot be the value of the rule '%(name)s'."),
    N_("It takes one of: %(choices)s."),
)
RULE_SHAPE = Message(
    "HOUR-005",
    N_("'%(value)s' cannot be the value of the rule '%(name)s'."),
    N_("It takes a list of names, or a table of names and values; see the reference."),
)
RULE_QUESTION = Message(
    "HOUR-006",
    N_("the questionnaire of this wave has no question '%(value)s'."),
    N_("Write the names of its questions, with spaces between them."),
)

NO_TIME_READ = Message(
    "APPT-001",
    N_("'%(text)s' cannot be read as a time."),
    N_("Write for example: tomorrow 17:00, Fri 6:30pm, +2h, 2026-11-30 18:30."),
)
NO_CLOCK = Message(
    "APPT-002",
    N_("'%(text)s' says the day, but not the time."),
    N_("Add the time, for example 17:00."),
)
NO_SUCH_TIME = Message(
    "APPT-003",
    N_("'%(text)s' does not exist in %(zone)s: the clocks change there that night."),
    N_("Choose a time an hour later."),
)
IN_THE_PAST = Message(
    "APPT-004",
    N_("%(when)s is past where the person is."),
    N_("Choose a later time."),
)
OUTSIDE_HOURS = Message(
    "APPT-005",
    N_("%(when)s is outside calling hours where the person is."),
    N_("Choose another time, or mark that the person asked for this one."),
)
AFTER_FIELD = Message(
    "APPT-006",
    N_("%(when)s is after the end of fieldwork (%(end)s)."),
    N_("Choose an earlier time."),
)

CLAIM_LOST = Message(
    "FLOOR-001",
    N_("case %(case)s is no longer yours."),
    N_("Nothing was changed. Take the next case; your supervisor sees what you sent."),
)
NOT_YOURS = Message(
    "FLOOR-002",
    N_("there is no case %(case)s among yours."),
    N_("Take the next case."),
)
CLOSED_HOURS = Message(
    "FLOOR-003",
    N_("it is %(clock)s where the person is: nobody may be called there now."),
    N_("Give the case back; it comes again when calling hours begin."),
)
LISTED = Message(
    "FLOOR-004",
    N_("this number is on the do-not-call list."),
    N_("It is not called. Take the next case."),
)
STILL_OPEN = Message(
    "FLOOR-005",
    N_("the last call has no outcome yet."),
    N_("Record what came of it, then dial again."),
)
NO_CALL = Message(
    "FLOOR-006",
    N_("there is no call to record this outcome for."),
    N_("Dial first; if you cannot, give the case back."),
)
NO_OUTCOME = Message(
    "FLOOR-007",
    N_("'%(outcome)s' is not an outcome that can be recorded here."),
    N_("Choose one from the list."),
)
KEY_REUSED = Message(
    "FLOOR-008",
    N_("this page was already sent with other entries."),
    N_("Load the page again and repeat the change."),
)
NOT_AGREED = Message(
    "FLOOR-009",
    N_("an appointment needs its time."),
    N_("Book it before recording the outcome."),
)
NO_FORM = Message(
    "FLOOR-010",
    N_("this wave has no questionnaire."),
    N_("The researcher must publish one for it."),
)
NO_INTERVIEW = Message(
    "FLOOR-011",
    N_("case %(case)s has no interview under way."),
    N_("Begin the interview first."),
)
UNFINISHED = Message(
    "FLOOR-012",
    N_("the interview has questions left."),
    N_("Go on, or break it off."),
)
NO_CASE = Message(
    "FLOOR-013",
    N_("there is no case %(case)s."),
    N_("Look it up again; it may belong to another wave."),
)
NOT_CLOSED = Message(
    "FLOOR-014",
    N_("case %(case)s is not closed."),
    N_("Only a closed case can be opened again."),
)
IN_HAND = Message(
    "FLOOR-015",
    N_("somebody is working on case %(case)s now."),
    N_("Wait until it is given back, or take it back first."),
)
EMPTY_NOTE = Message(
    "FLOOR-016",
    N_("the note is empty or longer than %(most)s characters."),
    N_("Write what the next caller should know, in fewer words."),
)
NO_NUMBER = Message(
    "FLOOR-017",
    N_("case %(case)s has no such number."),
    N_("Choose one of the numbers of the case."),
)
NOT_COMPLETE = Message(
    "FLOOR-018",
    N_("a complete or partial interview is never set by hand."),
    N_("It follows from the interview itself."),
)
NUMBER_IN_USE = Message(
    "FLOOR-019",
    N_("somebody else is calling this number now."),
    N_("Use another number of the case, or give it back."),
)
IS_CLOSED = Message(
    "FLOOR-020",
    N_("case %(case)s is closed."),
    N_("Open it again first."),
)
NO_PERSON = Message(
    "FLOOR-021",
    N_("there is no such interviewer."),
    N_("Choose one from the list."),
)
IS_ERASED = Message(
    "FLOOR-022",
    N_("the person of case %(case)s was erased."),
    N_("Nothing is left to call."),
)

NO_REASON = Message(
    "FLOOR-023",
    N_("the reason is empty or longer than %(most)s characters."),
    N_("Say in a few words why, without names: it stays in the audit trail."),
)
NOT_CONFIRMED = Message(
    "FLOOR-024",
    N_("'%(typed)s' is not the number of this case."),
    N_("To erase the person of case %(case)s, type that number."),
)

SAMPLE_UNREADABLE = Message(
    "SMPL-001",
    N_("the file cannot be read as a table."),
    N_("Save it as .xlsx, or as .csv in UTF-8, and try again."),
)
SAMPLE_TOO_LARGE = Message(
    "SMPL-002",
    N_("the file is too large: %(found)s MB, at most %(most)s MB unpacked."),
    N_("Split it into several files."),
)
SAMPLE_TOO_FULL = Message(
    "SMPL-029",
    N_("the workbook holds more than can be read at once."),
    N_("Save the sheet as .csv in UTF-8, or split it into several files."),
)
TOO_MANY_ROWS = Message(
    "SMPL-024",
    N_("the file has more than %(most)s rows."),
    N_("Split it into several files."),
)
TOO_MANY_COLUMNS = Message(
    "SMPL-025",
    N_("the file has more than %(most)s columns."),
    N_("Delete the columns that neither calling nor analysis needs."),
)
SAMPLE_EMPTY = Message(
    "SMPL-003",
    N_("the file has no rows below its header."),
    N_("Write the column names in the first row and one person in each row below."),
)
COLUMN_MISSING = Message(
    "SMPL-004",
    N_("the column '%(name)s' is missing."),
    N_("Name the columns in the first row."),
)
COLUMN_MISSPELT = Message(
    "SMPL-022",
    N_("the column '%(name)s' is missing."),
    N_("If '%(near)s' is meant to be it, correct the name."),
)
COLUMN_TWICE = Message(
    "SMPL-005",
    N_("the column '%(name)s' stands twice."),
    N_("Rename or delete one of them."),
)
COLUMN_UNNAMED = Message(
    "SMPL-006",
    N_("a column with values has no name."),
    N_("Write its name in the first row."),
)
VALUE_MISSING = Message(
    "SMPL-007",
    N_("'%(name)s' is empty."),
    N_("Fill it in or delete the row."),
)
ID_TWICE = Message(
    "SMPL-008",
    N_("the id '%(value)s' stands already in row %(first)s."),
    N_("Each person may stand in the file once."),
)
ID_IN_WAVE = Message(
    "SMPL-009",
    N_("the id '%(value)s' is in this wave already."),
    N_("Delete the row, or give the person the right id."),
)
PHONE_TWICE = Message(
    "SMPL-010",
    N_("the number '%(value)s' stands already in row %(first)s."),
    N_("Keep one of the rows, or give the other person's own number."),
)
PHONE_IN_WAVE = Message(
    "SMPL-011",
    N_("the number '%(value)s' is in this wave already."),
    N_("Delete the row, or give another number."),
)
PHONE_LISTED = Message(
    "SMPL-012",
    N_("the number '%(value)s' is on the do-not-call list."),
    N_("Delete the row: this person must not be called."),
)
NOT_A_NUMBER = Message(
    "SMPL-013",
    N_("'%(value)s' is not a number."),
    N_("Write a number with a decimal point, for example 0.025."),
)
NOT_A_PROBABILITY = Message(
    "SMPL-014",
    N_("'%(value)s' is not a selection probability."),
    N_("It must be above 0 and at most 1."),
)
UNKNOWN_ZONE = Message(
    "SMPL-015",
    N_("there is no time zone '%(value)s'."),
    N_("Use a name of the IANA list, for example %(near)s."),
)
FORMULA = Message(
    "SMPL-016",
    N_("the cell holds a formula without a stored value, or an error."),
    N_("Replace formulas by their values."),
)
TOO_LONG = Message(
    "SMPL-017",
    N_("the value is longer than %(most)s characters."),
    N_("Shorten it."),
)
ROW_TOO_WIDE = Message(
    "SMPL-018",
    N_("the row has more values than there are columns."),
    N_("Look for a stray separator, or quote the value that contains one."),
)
NAME_NOT_READ = Message(
    "SMPL-019",
    N_("the column '%(name)s' is kept as a variable of the case."),
    N_("If '%(near)s' was meant, correct its name and read the file again."),
    severity="warning",
)
NO_WAVE = Message("SMPL-020", N_("there is no wave %(wave)s."), N_("Choose a wave of the study."))
NO_REPLICATE = Message(
    "SMPL-021",
    N_("replicate %(replicate)s has no cases waiting to be released."),
    N_("Choose one of the replicates listed."),
)
UNKNOWN_LANGUAGE = Message(
    "SMPL-023",
    N_("the questionnaire has no language '%(value)s'."),
    N_("Use one of: %(choices)s; or leave it empty."),
)
ALL_IN_WAVE = Message(
    "SMPL-026",
    N_("all %(count)s people of this file are in the wave already."),
    N_("Nothing was changed."),
)
NO_STUDY = Message(
    "SMPL-027",
    N_("there is no study '%(key)s'."),
    N_("The studies are: %(known)s."),
)
BAD_REPLICATES = Message(
    "SMPL-028",
    N_("'%(text)s' names no replicates."),
    N_("Write 'all', or numbers as in 1-3,5."),
)

NO_WAVES = Message(
    "NEXT-001",
    N_("you are not assigned to any wave."),
    N_("Ask your supervisor."),
)
FIELD_CLOSED = Message(
    "NEXT-002",
    N_("fieldwork of your waves is closed."),
    N_("Ask your supervisor."),
)
NO_SAMPLE = Message(
    "NEXT-003",
    N_("there is no sample yet."),
    N_("The supervisor must import a sample file."),
)
NOT_RELEASED = Message(
    "NEXT-004",
    N_("%(count)s cases are not released yet."),
    N_("The supervisor can release the next replicate."),
)
SLEEPING = Message(
    "NEXT-005",
    N_("%(count)s cases are outside calling hours; the next open at %(when)s."),
    N_("They come by themselves then."),
)
ALL_WAITING = Message(
    "NEXT-006",
    N_("%(count)s cases wait for their time; the next is due at %(when)s."),
    N_("They come by themselves then."),
)
ALL_HELD = Message(
    "NEXT-007",
    N_("%(count)s cases are in the hands of others."),
    N_("Ask again in a minute."),
)
RESERVED = Message(
    "NEXT-008",
    N_("%(count)s cases are for others: booked, in another language, or of a number being called."),
    N_("Ask again in a minute, or ask your supervisor."),
)
ALL_CLOSED = Message(
    "NEXT-009",
    N_("all cases of the sample are closed."),
    N_("The work is done, unless more sample is released."),
)
