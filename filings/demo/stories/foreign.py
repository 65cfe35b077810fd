"""A foreign issuer since March 2026: ADS in dollars, home-market shares in yen, a share plan that looks like buying."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from filings.demo import calendar, cast
from filings.demo.rows import FREE, bought, holding, row, sold
from filings.demo.scene import Scene

ADS = cast.HOSHIKAWA.common
ORDINARY = f"Ordinary Shares ({cast.HOSHIKAWA.foreign_symbol})"
# Directors and officers of foreign private issuers file from this day on (Holding Foreign Insiders Accountable Act).
SINCE = date(2026, 3, 18)
YEN = Decimal("155")
ADS_NOTE = "Each ADS stands for two ordinary shares."


def yen(scene: Scene, on: date) -> Decimal:
    """The price of one ordinary share in Tokyo; two of them make one ADS."""
    return (scene.price(cast.HOSHIKAWA, on) / 2 * YEN).quantize(Decimal("1"))


def foreign_insiders_arrive(scene: Scene) -> None:
    """Five Form 3s on one day because a rule changed, with no IPO; ordinary shares and ADS on separate lines."""
    event = calendar.trading_day(max(scene.ago(243), SINCE))
    for index, seat in enumerate(cast.HOSHIKAWA_SEATS):
        rows = [holding(shares=40_000 // (index + 1), security=ORDINARY)]
        if index < 3:
            rows.append(holding(shares=6_000, security=ADS, notes={"security_title": ADS_NOTE}))
        scene.form3(seat, event, *rows, lag=0)


def share_plan_purchases(scene: Scene) -> None:
    """Every officer "buys" on the same day at the same price in yen: code P from a share plan, and no cluster."""
    for days in (150, 120, 89, 59, 28):
        on = scene.ago(days)
        price = yen(scene, on)
        note = "Bought through the issuer's employee share purchase plan, by equal payments out of each month's salary."
        for seat in cast.HOSHIKAWA_SEATS:
            notes = {"code": note, "price": f"The price is in Japanese yen: JPY {price} per share."}
            size = scene.dice.randrange(40, 160)
            scene.form4(seat, bought(size, on, price, security=ORDINARY, notes=notes), lag=2)


def home_market_purchase(scene: Scene) -> None:
    """The president buys on the home exchange; the number in the price column is yen, and only a footnote says so."""
    on = scene.ago(72)
    price = yen(scene, on)
    note = f"Bought on the home exchange. The price is in Japanese yen: JPY {price} per share."
    scene.form4(cast.HOSHIKAWA_REIJI, bought(5_000, on, price, security=ORDINARY, notes={"price": note}))


def depositary_shares_sold(scene: Scene) -> None:
    """The CFO turns ordinary shares into ADS (J, two for one, neutral) and sells the ADS in dollars."""
    on = scene.ago(44)
    note = "Ordinary shares deposited with the depositary bank in return for ADS, two for one. Nothing was paid."
    scene.form4(
        cast.MINAMOTO,
        row("J", "D", 4_000, on, FREE, security=ORDINARY, notes={"code": note}),
        row("J", "A", 2_000, on, FREE, security=ADS, notes={"code": note}),
        sold(2_000, on, scene.price(cast.HOSHIKAWA, on), security=ADS),
    )


STORIES = (foreign_insiders_arrive, share_plan_purchases, home_market_purchase, depositary_shares_sold)
