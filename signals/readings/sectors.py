"""Industries as people ask for them: ranges of the SIC code that the SEC gives each issuer."""

from __future__ import annotations

# Name, first and last code. The divisions of the SIC's own list, and within them a few that are often asked for.
SECTORS = (
    ("Agriculture, forestry, fishing", 100, 999),
    ("Mining and oil", 1000, 1499),
    ("Construction", 1500, 1799),
    ("Manufacturing", 2000, 3999),
    ("Drugs (2833–2836)", 2833, 2836),
    ("Computers and electronics (3570–3699)", 3570, 3699),
    ("Transport, communications, utilities", 4000, 4999),
    ("Wholesale", 5000, 5199),
    ("Retail", 5200, 5999),
    ("Finance, insurance, real estate", 6000, 6799),
    ("Banks (6020–6036)", 6020, 6036),
    ("Services", 7000, 8999),
    ("Software and data (7370–7374)", 7370, 7374),
    ("Public administration and other", 9100, 9999),
)

# Those that no other holds: every code is in one of them at most.
DIVISIONS = tuple(
    (name, first, last)
    for name, first, last in SECTORS
    if not any((low, high) != (first, last) and low <= first and last <= high for _, low, high in SECTORS)
)
