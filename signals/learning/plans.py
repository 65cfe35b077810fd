"""Rule 10b5-1 as it is since 27 February 2023, in tables: who waits how long, what is allowed, what changed when.

Sources: SEC Release 33-11138 of 14 December 2022; 17 CFR 240.10b5-1; staff C&DIs 120.29 and 120.31 of 25 August 2023.
Refuses: legal advice, and any verdict on a plan. What is contested stands with both sides.
"""

from __future__ import annotations

from signals.detectors.catalogue import CEPR, JAGOLINZER, KIM, LARCKER, SEN

WAITS = (
    ("A director or officer", "the later of 90 days, and two business days after the quarterly or yearly report (10-Q, 10-K; 20-F or 6-K abroad) on the quarter in which the plan was adopted; never more than 120 days"),
    ("Anybody else but the company", "30 days"),
    ("The company itself", "none"),
    ("A plan whose amount, price or timing is changed", "as if adopted anew on that day"),
)  # fmt: skip
ALLOWED = (
    ("Overlapping plans", "Not for trades on the open market. Several brokers under one plan count as one plan; a later plan may be adopted that begins only after the first has ended; a plan that only sells what tax on an award takes stands beside any other. Companies are free of this."),
    ("Plans of a single trade", "One in any twelve months; plans that sell to cover tax are not counted."),
    ("Good faith", "The plan must be entered and carried out in good faith, and a director or officer must certify in it that nothing material is known that is not public."),
    ("Ending a plan", "Allowed at any time, and by itself no trade. Companies report it once a quarter, as they do adoptions by directors and officers."),
)  # fmt: skip
HISTORY = (
    ("October 2000", "Rule 10b5-1 takes effect: a plan made without inside knowledge can be a defence. No wait, no box, no report."),
    ("14 December 2022", "The SEC adopts the amendments."),
    ("27 February 2023", "The wait and the limits hold for plans adopted from this day; earlier plans keep their terms until they are changed. Gifts given away move to Form 4."),
    ("20 March 2023", "EDGAR’s data gets the box: aff10b5One."),
    ("1 April 2023", "Forms 4 and 5 filed from now on must answer the box and give the day of adoption in a note; companies report the plans of quarters that begin from now on."),
    ("25 August 2023", "Staff say that the box does not apply to plans adopted before 27 February 2023. An empty box of these years may hide an old plan."),
)  # fmt: skip
STATES = {
    "plan": ("Under a plan", "A note on the row says so; or the box is ticked and only one trade on the form can be meant."),
    "plan_filing": ("Box ticked, row not named", "The box is ticked for the form, which holds several trades, and nothing says which of them it means."),
    "not_plan": ("Not under a plan", "A note denies it; or the box was left empty and no note on the form speaks of a plan. On forms of 2023 and 2024 a plan from before the rule may still be behind an empty box."),
    "unknown": ("Unknown", "Nothing settles it: the form is older than the box and no note speaks of a plan, or box and notes leave the row open."),
}  # fmt: skip
TOLD_SOMETHING = (JAGOLINZER, LARCKER, CEPR)
TOLD_NOTHING = (SEN, KIM)
