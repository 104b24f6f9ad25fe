"""The telephone floor: samples, cases, calls, appointments."""
