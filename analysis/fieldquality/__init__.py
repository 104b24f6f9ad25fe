"""PURE. The errors of a wave that its sampling error leaves out, as numbers that a page prints.

After Groves, Survey Errors and Survey Costs (1989), and the European Statistical System's
Handbook for Quality and Metadata Reports (2021). What cannot be computed carries `why`.
"""
