"""Whether a reporting owner is a person or an entity, by its name; EDGAR has no field for it."""

from __future__ import annotations

import re
from functools import lru_cache

_ENTITY = re.compile(
    r"\b(?:l\.?\s?l\.?\s?c|l\.?\s?l\.?\s?l?\.?\s?p|l\.?\s?p|inc|incorporated|corp|corporation|company|co|limited|ltd|plc|n\.?a"
    r"|s\.?a|s\.?a\.?r\.?l|n\.?v|b\.?v|gmbh|ag|ab|asa|oyj|spa|k\.?k|pte|pty|trust|trustees?|fund|funds|partners|partnership"
    r"|capital|holdings?|foundation|management|managers?|advis[eo]rs?|advisory|ventures?|investments?|investors|associates"
    r"|group|bank|bancorp|estate of|gp|ugp|equity|securities|enterprises|properties|plan|pension|university|endowment"
    r"|society|family office)\b\.?",
    re.I,
)  # fmt: skip


@lru_cache(maxsize=8192)
def is_entity(name: str | None) -> bool:
    """True where the name says so (LLC, LP, Inc, Trust, Fund, Holdings, ...); a name that says nothing is a person's."""
    return bool(name) and bool(_ENTITY.search(str(name)))
