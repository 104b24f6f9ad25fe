"""PURE. Banner tables: shares, boxes and means by column, with their errors and tests."""
