"""PURE. The researcher's Model pages from stored numbers: tables, diagram, verdicts, what-if."""
