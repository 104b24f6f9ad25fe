"""PURE. What a researcher asks of a wave by a form: a weighting plan, a set of tables."""
