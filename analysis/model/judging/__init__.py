"""PURE. Judging a path model: criteria and marks, sentences for a paper, syntax to reproduce."""
