"""PURE. Weights: base, nonresponse, post-stratify, rake, calibrate, trim."""
