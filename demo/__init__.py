"""A synthetic bank whose customers answer through the real interview engine."""
