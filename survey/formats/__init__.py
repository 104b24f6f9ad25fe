"""PURE. File formats of questionnaires and data."""
