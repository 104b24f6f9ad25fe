"""The satisfaction index, the structural model and sampling error."""
