"""The cast: fourteen invented issuers with the course of their shares, and who sits where.

A course gives (days before `until`, dollars in today's shares); between its points the price goes straight, with noise.
"""

from __future__ import annotations

from itertools import count

from filings.demo.identity import FIRST_INSIDER, FIRST_ISSUER
from filings.demo.parties import Address, Formerly, Insider, Issuer, Seat

_issuer_ciks = count(FIRST_ISSUER)
_insider_ciks = count(FIRST_INSIDER)


def _issuer(name: str, symbol: str, sic: str, industry: str, city: str, province: str, course, **more) -> Issuer:
    more.setdefault("address", Address(city=city, state=province))
    return Issuer(next(_issuer_ciks), name, symbol, sic, industry, tuple(course), **more)


def _seat(issuer: Issuer, who: str | Insider, *, entity: bool = False, formerly=(), **role) -> Seat:
    if isinstance(who, str):
        who = Insider(next(_insider_ciks), who, entity=entity, formerly=formerly, address=issuer.address)
    return Seat(issuer, who, **role)


# --- issuers ----------------------------------------------------------------------------------------------------------

QUILLMARK = _issuer(
    "Quillmark Robotics Inc.", "QLMK", "3569", "GENERAL INDUSTRIAL MACHINERY & EQUIPMENT, NEC", "Sampleton", "CA",
    [(2000, 18), (1200, 30), (900, 38), (720, 52), (640, 41), (500, 58), (300, 71), (180, 84), (90, 96), (0, 92)],
    split=(500, 3),
)  # fmt: skip
BRAMBLEWOOD = _issuer(
    "Bramblewood Foods Corp.", "BRWD", "2030", "CANNED FRUIT, VEG & FOOD SPECIALTIES", "Mockford", "OH",
    [(2000, 44), (1000, 48), (420, 52), (320, 50), (250, 33), (200, 31), (120, 39), (0, 43)],
    fiscal_year_end="0531",
)  # fmt: skip
TIDEWRACK = _issuer(
    "Tidewrack Energy Corp.", "TDWK", "1311", "CRUDE PETROLEUM & NATURAL GAS", "Port Fable", "TX",
    [(2000, 12), (1100, 19), (760, 15), (500, 22), (200, 21), (120, 18.5), (25, 12.2), (0, 12.6)],
)  # fmt: skip
LUMENHART = _issuer(
    "Lumenhart Therapeutics Inc.", "LMHT", "2836", "BIOLOGICAL PRODUCTS (NO DIAGNOSTIC SUBSTANCES)", "Pretendham", "MA",
    [(2000, 90), (1000, 150), (600, 210), (300, 255), (120, 330), (0, 352)],
)  # fmt: skip
HARROWGATE = _issuer(
    "Harrowgate Bancorp", "HRGT", "6022", "STATE COMMERCIAL BANKS", "Fabricated Falls", "PA",
    [(2000, 22), (1300, 26), (800, 24), (400, 29), (0, 33)],
    state="PA",
)  # fmt: skip
PELLWORM = _issuer(
    "Pellworm Semiconductor Inc.", "PLWM", "3674", "SEMICONDUCTORS & RELATED DEVICES", "Sampleton", "CA",
    [(420, 29), (380, 36), (240, 44), (215, 33), (120, 31), (0, 38)],
    common="Class A Common Stock",
)  # fmt: skip
CASTELLANE = _issuer(
    "Castellane Media Inc.", "CSTL", "4841", "CABLE & OTHER PAY TELEVISION SERVICES", "Invention Heights", "NY",
    [(2000, 60), (700, 75), (300, 98), (150, 111), (100, 112), (40, 83), (0, 80)],
    common="Class A Common Stock",
)  # fmt: skip
DUNMARROW = _issuer(
    "Dunmarrow Holdings Inc.", "DNMR", "6719", "OFFICES OF HOLDING COMPANIES, NEC", "Mockford", "OH",
    [(2000, 140), (900, 170), (300, 188), (0, 204)],
)  # fmt: skip
SALTBRIDGE = _issuer(
    "Saltbridge Logistics Inc.", "SLTB", "4731", "ARRANGEMENT OF TRANSPORTATION OF FREIGHT & CARGO", "Port Fable", "TX",
    [(2000, 20), (500, 24), (260, 23), (230, 33.6), (150, 34.9), (0, 34.9)],
)  # fmt: skip
HOSHIKAWA = _issuer(
    "Hoshikawa Precision Co., Ltd.", "HSKW", "3825", "INSTRUMENTS FOR MEAS & TESTING OF ELECTRICITY", "Kuusou", "M0",
    [(2000, 16), (600, 19), (200, 23), (0, 26)],
    state="M0", fiscal_year_end="0331", foreign_symbol="7411.DEMO", common="American Depositary Shares",
    address=Address("1-1 Kakuu, Kuusou-ku", "Kuusou", None, "000-0000", "M0", "JAPAN"),
)  # fmt: skip
VERLAINE = _issuer(
    "Verlaine Software Inc.", "VRLN", "7372", "SERVICES-PREPACKAGED SOFTWARE", "Pretendham", "WA",
    [(2000, 30), (1000, 64), (500, 88), (200, 120), (0, 131)],
    fiscal_year_end="0131",
)  # fmt: skip
MARROWICK = _issuer(
    "Marrowick Mining Corp.", "MRWK", "1040", "GOLD & SILVER ORES", "Mirage Flats", "NV",
    [(2000, 3.4), (800, 1.9), (400, 1.3), (200, 2.2), (0, 2.9)],
    state="NV",
)  # fmt: skip
BEXLEY = _issuer(
    "Bexley Island Ferries Inc.", "BXIF", "4400", "WATER TRANSPORTATION", "Port Fable", "ME", [(2000, 9), (0, 11)],
)  # fmt: skip
HALDEN = _issuer(
    "Halden Photonics Inc.", "HLDN", "3827", "OPTICAL INSTRUMENTS & LENSES", "Fabricated Falls", "PA",
    [(2000, 14), (700, 17), (560, 9.5), (400, 13), (120, 24), (0, 27)],
    formerly=(Formerly(330, "Fenwick Optical Corp.", "FNWK"),),
)  # fmt: skip
ISSUERS = (
    QUILLMARK, BRAMBLEWOOD, TIDEWRACK, LUMENHART, HARROWGATE, PELLWORM, CASTELLANE, DUNMARROW, SALTBRIDGE, HOSHIKAWA,
    VERLAINE, MARROWICK, BEXLEY, HALDEN,
)  # fmt: skip

# --- who sits where ---------------------------------------------------------------------------------------------------

VARGA = _seat(QUILLMARK, "Varga Ilona", director=True, title="Chief Executive Officer", owns=310_000)
OKONJO = _seat(QUILLMARK, "Okonjo Tobias", title="Chief Financial Officer", owns=42_000)
LINDQVIST = _seat(QUILLMARK, "Lindqvist Maren", title="Chief Technology Officer", owns=120_000)
PRITCHARD = _seat(QUILLMARK, "Pritchard Owen", title="General Counsel", owns=15_500)
RAVENSWORTH = _seat(QUILLMARK, "Ravensworth Tamsin", title="Chief Operating Officer", owns=78_000)
ABERNATHY = _seat(QUILLMARK, "Abernathy Rosalind", director=True, other="Chair of the Board", owns=24_000)
DELACROIX = _seat(QUILLMARK, "Delacroix Hugo", director=True)

HALLORAN = _seat(BRAMBLEWOOD, "Halloran Finn", director=True, title="President and CEO", owns=96_400)
NYBERG = _seat(BRAMBLEWOOD, "Nyberg Thandi", title="EVP and CFO", owns=22_150)
WEXFORD = _seat(BRAMBLEWOOD, "Wexford Clive", director=True, owns=61_000)
OYELARAN = _seat(BRAMBLEWOOD, "Oyelaran Bisi", director=True, owns=8_200)
KETTLEWELL = _seat(BRAMBLEWOOD, "Kettlewell Dorothea", director=True, owns=12_900)

STRANDBERG = _seat(TIDEWRACK, "Strandberg Nils", director=True, title="Chief Executive Officer", owns=140_000)
CALLOWAY = _seat(TIDEWRACK, "Calloway June", title="Chief Financial Officer", owns=38_000)
RUTLEDGE = _seat(TIDEWRACK, "Rutledge Amos", director=True, owns=20_000)
FENNIMORE = _seat(TIDEWRACK, "Fennimore Gale", director=True, owns=9_000)
ORCHARD_FUND = _seat(TIDEWRACK, "Orchardvale Master Fund LP", entity=True, ten_percent=True, owns=5_900_000)
ORCHARD_GP = _seat(TIDEWRACK, "Orchardvale GP LLC", entity=True, ten_percent=True)
ORCHARD_MANAGER = _seat(TIDEWRACK, "Orchardvale Capital Management LP", entity=True, ten_percent=True)
QUENNELL = _seat(TIDEWRACK, "Quennell Piers", director=True, ten_percent=True)

QUIST = _seat(LUMENHART, "Quist Ingrid", title="EVP, Strategy", owns=36_000)
DUNSTABLE = _seat(LUMENHART, "Dunstable Ray", title="Chief Technology Officer", owns=15_800)
POMEROY = _seat(LUMENHART, "Pomeroy Ada", director=True, owns=24_000)
BELLWETHER = _seat(LUMENHART, "Bellwether Sasha", director=True, title="Chief Executive Officer", owns=88_000)

THISTLEWOOD = _seat(HARROWGATE, "Thistlewood Edmund", director=True, title="President and CEO", owns=71_000)
GRANTHAM = _seat(HARROWGATE, "Grantham Lois", title="Chief Financial Officer", owns=46_000)
MORELAND = _seat(HARROWGATE, "Moreland Percy", director=True, owns=5_400)
PLIMSOLL = _seat(HARROWGATE, "Plimsoll Greta", director=True, owns=30_000)
ASHGROVES = tuple(
    _seat(HARROWGATE, name, entity="Trust" in name, other="Member of a 13(d) group", owns=0)
    for name in (
        "Ashgrove Elinor", "Ashgrove Jasper", "Ashgrove Marguerite", "Ashgrove Rufus", "Ashgrove Family Trust No. 1",
        "Ashgrove Family Trust No. 2", "Ashgrove Family Trust No. 3", "Ashgrove Family Trust No. 4",
        "Ashgrove Family Trust No. 5", "Ashgrove Family Trust No. 6", "Ashgrove Family Trust No. 7",
        "Ashgrove Charitable Trust",
    )
)  # fmt: skip

REID = _seat(PELLWORM, "Reid Kenji", director=True, title="Chief Executive Officer")
OSEI = _seat(PELLWORM, "Osei Abena", title="Chief Financial Officer")
VANDERMEER = _seat(PELLWORM, "Vandermeer Joost", title="Chief Technology Officer")
LARKIN = _seat(PELLWORM, "Larkin Petra", director=True)
COPPERFINCH_FUND = _seat(PELLWORM, "Copperfinch Ventures III LP", entity=True, ten_percent=True)
COPPERFINCH_GP = _seat(PELLWORM, "Copperfinch Ventures GP III LLC", entity=True, ten_percent=True)

FOUNDER = _seat(
    CASTELLANE, "Castellane Aurelio", director=True, title="Executive Chairman", ten_percent=True, owns=240_000
)  # fmt: skip
DAUGHTER = _seat(
    CASTELLANE, "Royce Bianca", formerly=(Formerly(410, "Castellane Bianca"),), director=True, owns=18_000
)  # fmt: skip
FAMILY_TRUST = _seat(CASTELLANE, "Castellane 2011 Family Trust", entity=True, ten_percent=True)
WINTERBOURNE = _seat(CASTELLANE, "Winterbourne Seth", title="Chief Financial Officer", owns=27_000)

GALBRAITH = _seat(DUNMARROW, "Galbraith Iris", director=True, title="Chief Executive Officer", owns=33_000)
GALBRAITH_AT_SALTBRIDGE = _seat(SALTBRIDGE, GALBRAITH.insider, director=True, owns=4_000)
# The issuer itself, as an owner of another issuer's shares: one and the same CIK.
DUNMARROW_AT_SALTBRIDGE = _seat(
    SALTBRIDGE, Insider(DUNMARROW.cik, DUNMARROW.name, entity=True, address=DUNMARROW.address),
    ten_percent=True, owns=9_100_000,
)  # fmt: skip
HOLLOWAY = _seat(SALTBRIDGE, "Holloway Marcus", director=True, title="Chief Executive Officer", owns=58_000)
TEMPLETON = _seat(SALTBRIDGE, "Templeton Ruth", title="Chief Financial Officer", owns=21_500)

HOSHIKAWA_REIJI = _seat(HOSHIKAWA, "Hoshikawa Reiji", director=True, title="President")
MINAMOTO = _seat(HOSHIKAWA, "Minamoto Aiko", title="Chief Financial Officer")
SERIZAWA = _seat(HOSHIKAWA, "Serizawa Goro", director=True)
KUROMATSU = _seat(HOSHIKAWA, "Kuromatsu Yuna", title="Senior Vice President")
TACHIBANA = _seat(HOSHIKAWA, "Tachibana Shun", title="Vice President")
HOSHIKAWA_SEATS = (HOSHIKAWA_REIJI, MINAMOTO, SERIZAWA, KUROMATSU, TACHIBANA)

DRAKEMOND = _seat(VERLAINE, "Drakemond Celeste", director=True, title="Chief Executive Officer", owns=205_000)
PATTISON = _seat(VERLAINE, "Pattison Leo", title="Chief Financial Officer", owns=32_000)
URQUHART = _seat(VERLAINE, "Urquhart Nadia", title="Chief Revenue Officer", owns=28_500)
KOLL = _seat(VERLAINE, "Koll Stefan", title="Chief Technology Officer", owns=51_000)
FAIRWEATHER = _seat(VERLAINE, "Fairweather Joan", director=True, owns=14_200)
LOCKRIDGE = _seat(VERLAINE, "Lockridge Basil", director=True, owns=6_300)

GRUBER = _seat(MARROWICK, "Gruber Otto", director=True, title="Chief Executive Officer", owns=900_000)
TALLIS = _seat(MARROWICK, "Tallis Imogen", title="Chief Financial Officer", owns=180_000)
HAWKSWORTH = _seat(MARROWICK, "Hawksworth Len", director=True, owns=450_000)
MULCASTER = _seat(MARROWICK, "Mulcaster Bree", director=True, owns=60_000)

SALTER = _seat(BEXLEY, "Salter Wynn", director=True)

FENWICK = _seat(HALDEN, "Fenwick Alma", director=True, title="Chief Executive Officer", owns=130_000)
CORRIGAN = _seat(HALDEN, "Corrigan Dag", title="Chief Financial Officer", owns=24_000)
NIGHTINGALE = _seat(HALDEN, "Nightingale Rhea", director=True, owns=7_500)
