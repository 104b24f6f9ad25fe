"""Pages of the researcher: questionnaires and responses."""
