"""Tables and queries of contacts, cases, calls and appointments."""
