"""PURE. From the response table of a wave and its model to the numbers that its report prints."""
