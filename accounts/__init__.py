"""People, roles, login and the audit trail."""
