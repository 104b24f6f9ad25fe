"""PURE. Outcomes and rates, callbacks, queue order, calling hours."""
