"""PURE. Sampling error: designs, linearisation, replicate weights, intervals, sizes."""
