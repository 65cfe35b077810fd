"""Readings of the facts. None is stored yet: pages show filings as filed."""
