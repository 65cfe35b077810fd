"""What studies found, each with its year and sample, and what speaks against it. Background, never advice.

Promises: findings are of the samples named, in the past tense; where studies disagree both stand in one text.
"""

from __future__ import annotations

STUDIES = {
    "purchases": (
        "Lakonishok and Lee (2001; US firms, 1975–95): firms with heavy insider buying did better by 4.8 points over"
        " twelve months after size and value, nearly all of it at small firms. A replication on 2008–2024 finds 60 to"
        " 70% of such effects gone, and others find that they vanish once trading costs and size are counted."
    ),
    "sales": (
        "Jeng, Metrick and Zeckhauser (2003; US firms) found abnormal returns after insiders’ purchases and none after"
        " their sales; people sell for many reasons."
    ),
    "together": (
        "Alldredge and Blank (2019): purchases within two days of a colleague’s were followed by 2.1% in the next"
        " month, single ones by 1.2%."
    ),
    "routine": (
        "Cohen, Malloy and Pomorski (2012): trades that an insider repeats in the same month of each year"
        " were followed by returns of about nothing, the others by 0.8% a month. A replication on 2008–2024 finds"
        " 60 to 70% of that gone."
    ),
    "plans": (
        "Contested. Jagolinzer (2009) and Larcker and others (2021; 20,595 plans, 2016–2020) found that some plan sales"
        " came before falls, above all those within 60 days of adoption; Sen (2008) explains much of it by limit"
        " orders. Since 27 February 2023 directors and officers must wait at least 90 days."
    ),
    "late": (
        "Cheng, Nagar and Rajan (2007) found falls of 6 to 8% after sales that were reported late; Cline and Houston"
        " (2022) counted 8% of open-market trades since 2002 as late."
    ),
    "held": (
        "Aboody and others (2008): exercises whose shares were kept for 30 days or more, over a quarter of all, came"
        " before good news; exercises followed by a sale before bad news, weakly."
    ),
    "expiry": (
        "Selmane (2014): exercises in the last three months before expiry told nothing; those long before it did."
    ),
    "gifts": (
        "Contested. Avci and others (2021; 9,858 gifts, 1986–2020): large holders’ gifts came after a rise of 6% and"
        " before a fall of 4%; Brown and others (2024) find gifts to the family at low prices."
    ),
    "hedges": (
        "Bettis, Bizjak and Lemmon (2001) and Jagolinzer, Matsunaga and Yeung (2007) found that collars and prepaid"
        " forwards came before declines, more so than plain sales."
    ),
    "indirect": (
        "Goldie and others (2023): large trades through family, trusts and foundations were followed by half a point"
        " a month more than direct ones."
    ),
    "finance_chief": (
        "Contested. Wang, Shin and Francis (2012; 1992–2002) found finance chiefs’ purchases to do better than chief"
        " executives’; Knewtson and Nofsinger (2014) find that gone since 2002, and Jeng and others no effect of role."
    ),
    "size": (
        "Cziráki and Gider (2021): the median insider gained $464 a year, and returns fell with the size of the trade."
    ),
}
