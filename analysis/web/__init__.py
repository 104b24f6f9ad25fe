"""Pages of the executive and of the researcher's model results."""
