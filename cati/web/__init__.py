"""Pages of the interviewer and the supervisor."""
