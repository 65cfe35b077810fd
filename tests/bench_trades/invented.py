"""Invented trades, drawn by the database: about as many as asked for, the same ones for the same number.

What they follow (2006 to 2026, half a million a year, so that more trades are more years): issuers by a power law over
8,000, about nineteen insiders each, 7% joint filings, kinds as the codes are distributed, values log-normal with
quartiles of 7, 41 and 200 thousand dollars, 70% in no total. `made` has every column of the wide row; what only a page
of one trade shows is composed from it by `DETAIL`.
"""

from __future__ import annotations

from typing import Any

LAST_DAY = "2026-11-27"
A_YEAR = 500_000
TRADES_A_FILING = 1.72

# Name and type; fixed widths first, from wide to narrow, so that no row pays for padding.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("filing_id", "bigint NOT NULL"),
    ("issuer_id", "bigint NOT NULL"),
    ("decision_maker", "bigint NOT NULL"),
    ("known_at", "timestamptz NOT NULL"),
    ("filed_on", "date NOT NULL"),
    ("traded_on", "date"),
    ("plan_adopted_on", "date"),
    ("plan_modified_on", "date"),
    ("due_on", "date"),
    ("reasons", "integer NOT NULL"),
    ("delay_days", "integer"),
    ("number", "smallint NOT NULL"),
    ("roles", "smallint NOT NULL"),
    ("sic", "smallint"),
    ("score", "smallint"),
    ("late_business_days", "smallint"),
    ("unpriced_lines", "smallint NOT NULL"),
    ("counted", "boolean NOT NULL"),
    ("standing", "boolean NOT NULL"),
    ("first_purchase", "boolean NOT NULL"),
    ("plan_disagreement", "boolean NOT NULL"),
    ("kind", "text NOT NULL"),
    ("direction", "text"),
    ("code", "text"),
    ("form", "text NOT NULL"),
    ('"table"', "text NOT NULL"),
    ("ownership", "text"),
    ("plan_status", "text NOT NULL"),
    ("timeliness", "text NOT NULL"),
    ("security_class", "text NOT NULL"),
    ("family", "text NOT NULL"),
    ("nature", "text"),
    ("shares", "numeric"),
    ("price", "numeric"),
    ("price_min", "numeric"),
    ("price_max", "numeric"),
    ("value", "numeric"),
    ("stake_before", "numeric"),
    ("stake_after", "numeric"),
    ("stake_change_pct", "numeric"),
    ("owners", "bigint[] NOT NULL"),
)
NAMES = ", ".join(name for name, _ in COLUMNS)

ROLES = ("chair", "ceo", "cfo", "coo", "president", "gc", "vp", "officer", "director", "ten_percent", "other")
_BIT = {role: 1 << place for place, role in enumerate(ROLES)}
_SEATS = (  # the roles of an issuer's first to nineteenth insider
    "chair ceo director", "cfo officer", "director", "coo president officer", "gc officer", "director", "vp officer",
    "ten_percent", "director", "vp officer", "director", "officer", "director ten_percent", "director", "vp officer",
    "director", "other", "officer", "director",
)  # fmt: skip

# Kind, code, direction and share of all trades in ten thousandths.
_KINDS = (
    ("sell", "S", "disposed", 1550), ("grant", "A", "acquired", 3080), ("exercise", "M", "acquired", 1300),
    ("planned_sell", "S", "disposed", 900), ("withholding", "F", "disposed", 900), ("vest", "M", "acquired", 750),
    ("buy", "P", "acquired", 490), ("issuer_disposition", "D", "disposed", 320), ("other", "J", "acquired", 230),
    ("conversion", "C", "acquired", 180), ("gift", "G", "disposed", 160), ("tender", "U", "disposed", 50),
    ("planned_buy", "P", "acquired", 25), ("expiry", "H", "disposed", 25), ("inheritance", "W", "acquired", 15),
    ("small_acquisition", "L", "acquired", 10), ("swap", "S", "disposed", 7), ("plan_switch", "I", "acquired", 5),
    ("voting_trust", "Z", "disposed", 3),
)  # fmt: skip
REASONS = (
    "mechanics", "private", "plan_allocation", "duplicate", "superseded", "withdrawn", "no_price", "bad_price",
    "bad_value", "bad_date", "home_market", "derivative", "issuer_is_owner",
)  # fmt: skip


def bits(*roles: str) -> int:
    return sum(_BIT[role] for role in roles)


def reason(name: str) -> int:
    return 1 << REASONS.index(name)


_FILINGS = """
CREATE UNLOGGED TABLE drawn AS
WITH rolled AS MATERIALIZED (
    SELECT i, random() a, random() b, random() c, random() d, random() e, random() f, random() g
      FROM generate_series(1, %(filings)s) i),
dated AS (
    SELECT *, DATE '{last}' - floor(%(days)s * (1 - i / %(filings)s::float8))::int AS any_day,
           floor(8000 * power(a, 2.2))::int AS company, floor(19 * power(b, 1.4))::int AS seat
      FROM rolled)
SELECT i, company, seat, c, d, e, f, g,
       any_day - CASE extract(isodow FROM any_day) WHEN 6 THEN 1 WHEN 7 THEN 2 ELSE 0 END AS filed_on,
       1 + least(floor(-ln(1 - g) * 1.15), 20)::int AS trades
  FROM dated
"""

_TRADES = """
CREATE UNLOGGED TABLE made AS
WITH rolled AS MATERIALIZED (
    SELECT d.*, number, random() k, random() p, random() q, random() r, random() s, random() t, random() u, random() v,
           random() w, random() x
      FROM drawn d CROSS JOIN LATERAL generate_series(1, d.trades) number),
kinds AS (SELECT * FROM unnest(%(kinds)s::text[], %(codes)s::text[], %(directions)s::text[]) WITH ORDINALITY
              AS kinds(kind, code, direction, place)),
valued AS (
    SELECT r.*, kind, code, direction,
           round((41000 * exp(2.45 * sqrt(-2 * ln(1 - p)) * cos(2 * pi() * q)))::numeric, 2) AS worth,
           round((28 * exp(1.1 * sqrt(-2 * ln(1 - r)) * cos(2 * pi() * s)) + 0.01)::numeric, 4) AS paid,
           round((60000 * exp(2.0 * sqrt(-2 * ln(1 - t)) * cos(2 * pi() * u)))::numeric, 0) AS held
      FROM rolled r
      JOIN kinds ON place = width_bucket(k * 10000, %(thresholds)s::float8[])),
judged AS (
    SELECT *, kind IN ('buy', 'sell', 'planned_buy', 'planned_sell') AS market,
           kind IN ('planned_buy', 'planned_sell') AS planned, ceil(worth / paid) AS moved, x < 0.08 AS late,
           CASE WHEN x < 0.08 THEN 3 + floor(-ln(1 - x * 12.4) * 9)::int ELSE floor(3 * w)::int END AS delay
      FROM valued)
SELECT i * 32::bigint + number AS id,
       (1 + floor(500 * power(c, 3)))::bigint * 100000000 * 113 + to_char(filed_on, 'YY')::int * 1000000 + i %% 1000000
           AS filing_id,
       (1000 + company)::bigint AS issuer_id,
       (1000000 + company * 20 + seat)::bigint AS decision_maker,
       filed_on + interval '16 hours' + i %% 20000 * interval '1 second' AS known_at,
       filed_on,
       filed_on - delay AS traded_on,
       CASE WHEN planned THEN filed_on - delay - 100 - floor(300 * w)::int END AS plan_adopted_on,
       CASE WHEN planned AND w < 0.1 THEN filed_on - delay - 95 END AS plan_modified_on,
       filed_on - delay + 2 AS due_on,
       CASE WHEN NOT market THEN 1 WHEN v < 0.06 THEN 1 << (1 + floor(v * 200)::int) ELSE 0 END
           | CASE WHEN x > 0.985 THEN 16 ELSE 0 END AS reasons,
       delay AS delay_days,
       number::smallint,
       (%(seats)s::int[])[1 + seat]::smallint AS roles,
       CASE WHEN company %% 9 = 0 THEN 2830 + company %% 7 WHEN company %% 50 > 0 THEN 1000 + company * 7 %% 400 * 20
       END::smallint AS sic,
       CASE WHEN kind = 'buy' AND v >= 0.06 AND x <= 0.985 THEN floor(100 * power(w, 1.6)) END::smallint AS score,
       CASE WHEN late THEN delay - 2 ELSE 0 END::smallint AS late_business_days,
       CASE WHEN w < 0.02 THEN 1 ELSE 0 END::smallint AS unpriced_lines,
       market AND v >= 0.06 AND x <= 0.985 AS counted,
       x <= 0.985 AS standing,
       kind = 'buy' AND w < 0.18 AS first_purchase,
       market AND filed_on > '2023-04-01' AND w > 0.99 AS plan_disagreement,
       kind,
       direction,
       code,
       CASE WHEN e < 0.015 THEN '4/A' WHEN f < 0.03 THEN '5' ELSE '4' END AS form,
       CASE WHEN kind IN ('exercise', 'vest', 'conversion', 'expiry') THEN 'II' ELSE 'I' END AS "table",
       CASE WHEN d < 0.17 THEN 'I' ELSE 'D' END AS ownership,
       CASE WHEN planned THEN 'plan' WHEN filed_on < '2023-04-01' THEN 'unknown' WHEN w < 0.02 THEN 'plan_filing'
            ELSE 'not_plan' END AS plan_status,
       CASE WHEN late THEN 'late' WHEN w < 0.03 THEN 'not_judged' WHEN w < 0.04 THEN 'extension_possible'
            WHEN w < 0.05 THEN 'unknown' ELSE 'on_time' END AS timeliness,
       CASE WHEN s < 0.72 THEN 'Common Stock' WHEN s < 0.84 THEN 'Class A Common Stock' WHEN s < 0.88 THEN 'ADS'
            WHEN s < 0.9 THEN 'Class B Common Stock' WHEN s < 0.95 THEN 'Stock Option (right to buy)'
            ELSE 'Restricted Stock Unit' END AS security_class,
       CASE WHEN s < 0.9 THEN 'common' WHEN s < 0.95 THEN 'option' ELSE 'unit' END AS family,
       CASE WHEN d < 0.17 THEN CASE WHEN w < 0.6 THEN 'By Trust' ELSE 'See footnote to the table' END END AS nature,
       moved AS shares,
       CASE WHEN kind IN ('grant', 'vest', 'gift', 'other') THEN NULL ELSE paid END AS price,
       CASE WHEN market THEN round(paid * 0.98, 4) END AS price_min,
       CASE WHEN market THEN round(paid * 1.02, 4) END AS price_max,
       CASE WHEN kind IN ('grant', 'vest', 'gift', 'other') THEN NULL ELSE worth END AS value,
       held AS stake_before,
       greatest(held + CASE direction WHEN 'acquired' THEN moved ELSE -moved END, 0) AS stake_after,
       CASE WHEN held > 0 THEN round(greatest(CASE direction WHEN 'acquired' THEN moved ELSE -moved END / held * 100,
                                              -100), 2) END AS stake_change_pct,
       CASE WHEN f < 0.93 THEN ARRAY[(1000000 + company * 20 + seat)::bigint]
            ELSE ARRAY(SELECT (1000000 + company * 20 + (seat + other) %% 19)::bigint
                         FROM generate_series(0, 1 + floor(e * 4)::int) other) END AS owners,
       i
  FROM judged
""".replace("{last}", LAST_DAY)

# What is read of one trade, or of the fifty of a page, and never filtered by; over a row `m` of `made`.
DETAIL = """
    'Owner ' || m.decision_maker || ' ' || m.kind || ' ' || m.shares || ' shares of ' || m.security_class || ' at $'
        || coalesce(m.price::text, 'no price') || ' a share on ' || m.traded_on || ', now holding ' || m.stake_after
        || '.' AS sentence,
    jsonb_build_object(
        'lines', jsonb_build_array(jsonb_build_array(m.filing_id, 'I', m.number)),
        'exclusions', CASE WHEN m.counted THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
            'reason', 'mechanics', 'by', NULL,
            'text', 'Pay, tax or mechanics of the company''s plans: nobody decided to buy or sell at a market price.'))
            END,
        'plan', jsonb_build_object('evidence', CASE WHEN m.plan_status = 'plan' THEN jsonb_build_array(
            jsonb_build_object('source', 'box', 'footnote', NULL, 'words', NULL), jsonb_build_object(
            'source', 'footnote', 'footnote', 'F1', 'words',
            'The sales reported were effected pursuant to a Rule 10b5-1 trading plan adopted by the owner on '
            || m.plan_adopted_on || '.')) ELSE '[]' END),
        'timeliness', 'Filed ' || m.delay_days || ' days after the trade; due by ' || m.due_on
            || ', which is the end of the second business day.',
        'score', CASE WHEN m.score IS NULL THEN NULL ELSE jsonb_build_array(
            jsonb_build_object('points', m.score / 2, 'reason', 'A chief officer bought.'),
            jsonb_build_object('points', m.score - m.score / 2, 'reason', 'The stake grew by a fifth or more.')) END
    ) AS detail
"""


def fill(cursor: Any, count: int) -> None:
    """Makes the table `made` with about `count` trades, in the order in which they were filed."""
    thresholds, sum_of_shares = [], 0.0
    for *_, share in _KINDS:
        thresholds.append(sum_of_shares)
        sum_of_shares += share
    filings = int(count / TRADES_A_FILING)
    cursor.execute("SELECT setseed(0.25)")
    cursor.execute(_FILINGS.replace("{last}", LAST_DAY), {"filings": filings, "days": int(365.25 * count / A_YEAR)})
    cursor.execute("SELECT setseed(0.5)")
    cursor.execute(
        _TRADES,
        {
            "kinds": [kind for kind, *_ in _KINDS],
            "codes": [code for _, code, *_ in _KINDS],
            "directions": [direction for _, _, direction, _ in _KINDS],
            "thresholds": thresholds,
            "seats": [bits(*seat.split()) for seat in _SEATS],
        },
    )
    cursor.execute("DROP TABLE drawn")
    cursor.execute("ANALYZE made")
