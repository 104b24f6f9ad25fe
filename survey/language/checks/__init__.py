"""PURE. One file per topic; each check looks at a Draft and notes what is wrong."""
