"""Pages of login, people and the audit trail."""
