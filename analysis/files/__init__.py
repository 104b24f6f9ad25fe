"""PURE. Files of numbers as arrays: bytes in, arrays out, every bad cell with its place."""
