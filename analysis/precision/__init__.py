"""PURE. The error of the index: design, weights and structural model in one loop."""
