"""Tables and queries of people, sessions and the audit trail."""
