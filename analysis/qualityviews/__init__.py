"""PURE. The quality page from stored numbers: figures, bases, errors, readings. Never computes."""
