"""Tables and queries of wave results and job runs."""
