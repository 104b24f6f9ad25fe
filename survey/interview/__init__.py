"""PURE. From a Form and the events so far to what to ask next."""
