"""PURE. From a questionnaire file to a Form: read, build, check."""
