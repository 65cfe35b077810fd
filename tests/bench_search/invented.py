"""A million invented names in the search table, and searches over them.

The names are drawn by the database, some given names and surnames far oftener than others, as in life; their lexemes
are those of `filings.names`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from django.db import connection

from filings.models import LeadingRank, SearchName
from filings.names import lexemes
from filings.services.search_index import LEADERS


def _listed(text: str) -> list[str]:
    return text.split()


_GIVEN = _listed(
    "JAMES JOHN ROBERT MICHAEL WILLIAM DAVID RICHARD JOSEPH THOMAS CHARLES MARY PATRICIA JENNIFER LINDA ELIZABETH "
    "SUSAN CHRISTOPHER DANIEL MATTHEW ANTHONY MARK DONALD STEVEN PAUL ANDREW JOSHUA KENNETH KEVIN BRIAN GEORGE EDWARD "
    "RONALD TIMOTHY JASON JEFFREY RYAN JACOB GARY NICHOLAS ERIC JONATHAN STEPHEN LARRY JUSTIN SCOTT BRANDON WEI JING "
    "SATOSHI RAJESH ANIL PRIYA OLGA IVAN PIERRE CLAIRE HANS INGRID GIOVANNI LUCIA CARLOS MARIA AHMED FATIMA JO LI YU"
)
_SURNAMES = _listed(
    "SMITH JOHNSON WILLIAMS BROWN JONES GARCIA MILLER DAVIS RODRIGUEZ MARTINEZ HERNANDEZ LOPEZ GONZALEZ WILSON "
    "ANDERSON THOMAS TAYLOR MOORE JACKSON MARTIN LEE PEREZ THOMPSON WHITE HARRIS SANCHEZ CLARK RAMIREZ LEWIS ROBINSON "
    "O'BRIEN O'CONNOR MCDONALD VAN-DYKE COHEN KIM PARK CHEN WANG LI ZHANG LIU NGUYEN PATEL SINGH KHAN MUELLER JO"
)
_SYLLABLES = _listed(
    "BA BER COR DAL DEN EL FAR GAN GOR HAL HOL JAN KAR KEL LAN LIN MAR MEN NOR OR PAL QUIN RAN ROS SAL STEN TOR VAL "
    "WEN YAR ZEL"
)
_TRADES = _listed(
    "ENERGY BANCORP THERAPEUTICS TECHNOLOGIES CAPITAL ACQUISITION PHARMA SYSTEMS FINANCIAL REALTY MINING FOODS MEDIA"
)
_SUFFIXES = ["INC", "CORP", "CO LTD", "HOLDINGS, INC.", "PLC", "CORP /DE/", "L.P.", "TRUST II"]

# Common names take two draws of three, by the square of a random number; the rest are made of syllables.
_NAMES = """
    CREATE TEMPORARY TABLE invented AS
    WITH drawn AS MATERIALIZED (
        SELECT n, random() < 0.06 AS is_issuer, random() < 0.05 AS is_former, random() AS common, random() AS spread,
               %(given)s::text[] AS given, %(surnames)s::text[] AS surnames, %(syllables)s::text[] AS syllables,
               random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
          FROM generate_series(1, %(count)s) n),
    spelled AS (
        SELECT *, syllables[1 + floor(a * cardinality(syllables))] || syllables[1 + floor(b * cardinality(syllables))]
                  || syllables[1 + floor(c * cardinality(syllables))] AS made,
               given[1 + floor(d * d * cardinality(given))] AS first,
               chr(65 + floor(e * 26)::int) AS middle
          FROM drawn)
    SELECT n AS cik, is_issuer, is_former,
           CASE WHEN is_issuer THEN made || ' ' || (%(trades)s::text[])[1 + floor(d * %(trade_count)s)] || ' '
                                    || (%(suffixes)s::text[])[1 + floor(e * %(suffix_count)s)]
                ELSE CASE WHEN common < 0.66 THEN surnames[1 + floor(a * a * cardinality(surnames))] ELSE made END
                     || ' ' || first || CASE WHEN b < 0.7 THEN ' ' || middle ELSE '' END
                     || CASE WHEN c < 0.04 THEN ' JR' ELSE '' END
           END AS name,
           CASE WHEN is_issuer THEN left(made, 3) || chr(65 + floor(d * 26)::int) END AS ticker,
           CASE WHEN is_former THEN 0 ELSE 1000000 END + (1000 * (8 + 22 * spread))::int AS rank
      FROM spelled
"""


def fill(count: int) -> None:
    """Writes `count` names into the search table, with its indexes built at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.25)")
        cursor.execute(
            _NAMES,
            {
                "count": count,
                "given": _GIVEN,
                "surnames": _SURNAMES,
                "syllables": _SYLLABLES,
                "trades": _TRADES,
                "trade_count": len(_TRADES),
                "suffixes": _SUFFIXES,
                "suffix_count": len(_SUFFIXES),
            },
        )
        cursor.execute("SELECT rank FROM invented ORDER BY rank DESC OFFSET %s LIMIT 1", [min(LEADERS, count - 1)])
        leading_from = cursor.fetchone()[0]
    LeadingRank.objects.create(rank=leading_from)
    with connection.schema_editor() as editor:
        for index in SearchName._meta.indexes:
            editor.remove_index(SearchName, index)
    _copy(leading_from)
    with connection.schema_editor() as editor:
        for index in SearchName._meta.indexes:
            editor.add_index(SearchName, index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE filings_searchname")


def _copy(leading_from: int) -> None:
    field = SearchName._meta.get_field("lexemes")
    with connection.cursor() as reader, connection.cursor() as writer:
        reader.execute("SELECT cik, is_issuer, is_former, name, ticker, rank FROM invented")
        with writer.cursor.copy(
            "COPY filings_searchname (kind, cik, former_name, title, detail, lexemes, rank, is_leading) FROM STDIN"
        ) as copy:
            for cik, is_issuer, is_former, name, ticker, rank in reader.fetchall():
                copy.write_row(
                    (
                        "issuer" if is_issuer else "insider",
                        cik,
                        name if is_former else None,
                        name,
                        ticker or "Director",
                        field.get_prep_value(lexemes(name, person=not is_issuer, symbols=[ticker] if ticker else [])),
                        rank,
                        rank >= leading_from,
                    )
                )


def searches(count: int) -> Iterator[tuple[str, str]]:
    """`count` searches, each with its kind, the hard ones among them: short and common beginnings."""
    pick = random.Random(25)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, ticker FROM invented WHERE is_issuer ORDER BY md5(cik::text) LIMIT 500")
        issuers = cursor.fetchall()
        cursor.execute("SELECT name FROM invented WHERE NOT is_issuer ORDER BY md5(cik::text) LIMIT 500")
        people = [name.split() for (name,) in cursor.fetchall()]

    def person() -> list[str]:
        return pick.choice(people)

    kinds = {
        "one letter": lambda: pick.choice("abcdefghijklmnoprstvw"),
        "two letters": lambda: pick.choice(["jo", "ma", "li", "sm", "wi", "ja", "st", "ba", "yu", "co"]),
        "three letters": lambda: pick.choice(["joh", "jam", "mic", "smi", "wil", "ber", "cor", "val", "xyz", "inc"]),
        "common given name": lambda: pick.choice(_GIVEN[:12]).lower(),
        "common surname": lambda: pick.choice(_SURNAMES[:12]).lower(),
        "beginning of a name": lambda: person()[0][: pick.randint(4, 6)],
        "first and last": lambda: " ".join(reversed(person()[:2])).lower(),
        "last, first middle": lambda: "{}, {}".format(*[(p := person())[0], " ".join(p[1:])]).lower(),
        "first and letter": lambda: f"{person()[1]} {pick.choice('abcdjmstw')}".lower(),
        "two letters each": lambda: f"{person()[0][:2]} {person()[1][:2]}".lower(),
        "beginnings": lambda: " ".join(word[:3] for word in person()[:2]).lower(),
        "short form": lambda: f"{pick.choice(['bill', 'bob', 'mike', 'liz'])} {person()[0]}".lower(),
        "issuer": lambda: pick.choice(issuers)[0],
        "issuer, unfinished": lambda: pick.choice(issuers)[0][:9].lower(),
        "ticker": lambda: pick.choice(issuers)[1],
        "cik": lambda: str(pick.randint(1, 1_000_000)).zfill(10),
        "nobody": lambda: pick.choice(["zzyzx", "qqq www", "supercalifragilistic", "xx yy zz", "nobody atall here"]),
        "noise": lambda: pick.choice(["the", "inc", "co ltd", "a b c", "& co", "of the", "j p", "a b c d e f g h"]),
    }
    names = list(kinds)
    for number in range(count):
        kind = names[number % len(names)]
        yield kind, kinds[kind]()
