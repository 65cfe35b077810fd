"""The public pages. Thin: guard, parse, one selector, one render."""
