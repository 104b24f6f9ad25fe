"""Tables and queries of forms, interviews and answers."""
