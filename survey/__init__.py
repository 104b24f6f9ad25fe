"""Questionnaires, routing, responses and their store."""
