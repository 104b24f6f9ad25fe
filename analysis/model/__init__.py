"""PURE. The structural model: specify, estimate, judge, compare, infer."""
