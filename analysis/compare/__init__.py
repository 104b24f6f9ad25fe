"""PURE. Path models of several groups against each other, and segments nobody observed."""
