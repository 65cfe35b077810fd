"""Where each element of the ownership schema goes: element name -> field of `document`, and how to read it.

The one table that the reader, the writer and their tests share. Order is the order of the schema's sequences
(EDGAR Ownership XML Technical Specification v3 §3.5; the elements new in schema X0407 and X0609 are marked).
"""

from __future__ import annotations

TEXT, NUMBER, DATE, FLAG = "text", "number", "date", "flag"

# Leaves below the root itself: element -> (field of OwnershipDocument, how to read it).
DOCUMENT_FIELDS = {
    "schemaVersion": ("schema_version", TEXT),
    "documentType": ("form", TEXT),
    "periodOfReport": ("period_of_report", DATE),
    "dateOfOriginalSubmission": ("date_of_original_submission", DATE),
    "noSecuritiesOwned": ("no_securities_owned", FLAG),
    "notSubjectToSection16": ("not_subject_to_section16", FLAG),
    "form3HoldingsReported": ("form3_holdings_reported", FLAG),
    "form4TransactionsReported": ("form4_transactions_reported", FLAG),
    "aff10b5One": ("aff10b5_one", FLAG),  # X0407
    "remarks": ("remarks", TEXT),
}

ISSUER_FIELDS = {
    "issuerCik": ("cik", TEXT),
    "issuerName": ("name", TEXT),
    "issuerTradingSymbol": ("ticker", TEXT),
    "issuerForeignTradingSymbol": ("foreign_ticker", TEXT),  # X0609
}

OWNER_GROUPS = ("reportingOwnerId", "reportingOwnerAddress", "reportingOwnerRelationship")
OWNER_FIELDS = {
    "rptOwnerCik": ("cik", TEXT),
    "rptOwnerName": ("name", TEXT),
    "rptOwnerNonUSAddressFlag": ("non_us_address", FLAG),  # X0609
    "rptOwnerStreet1": ("street1", TEXT),
    "rptOwnerStreet2": ("street2", TEXT),
    "rptOwnerCity": ("city", TEXT),
    "rptOwnerNonUSStateTerritory": ("non_us_state_territory", TEXT),  # X0609
    "rptOwnerState": ("state", TEXT),
    "rptOwnerCountry": ("country", TEXT),  # X0609
    "rptOwnerZipCode": ("zip_code", TEXT),
    "rptOwnerStateDescription": ("state_description", TEXT),
    "rptOwnerGoodAddress": ("good_address", FLAG),
    "isDirector": ("is_director", FLAG),
    "isOfficer": ("is_officer", FLAG),
    "isTenPercentOwner": ("is_ten_percent_owner", FLAG),
    "isOther": ("is_other", FLAG),
    "officerTitle": ("officer_title", TEXT),
    "otherText": ("other_text", TEXT),
}

SIGNATURE_FIELDS = {"signatureName": ("name", TEXT), "signatureDate": ("signed_on", DATE)}

TABLES = {"nonDerivativeTable": "I", "derivativeTable": "II"}
ROWS = {
    "nonDerivativeTransaction": ("I", "transaction"),
    "nonDerivativeHolding": ("I", "holding"),
    "derivativeTransaction": ("II", "transaction"),
    "derivativeHolding": ("II", "holding"),
}

# Groups inside a row -> the field that a footnote on the group itself belongs to; None: it has no cell of its own.
LINE_GROUPS = {
    "transactionCoding": "code",
    "transactionAmounts": None,
    "underlyingSecurity": None,
    "postTransactionAmounts": None,
    "ownershipNature": None,
}
# element -> (field of Line, how to read it, its group or None)
LINE_FIELDS = {
    "securityTitle": ("security_title", TEXT, None),
    "conversionOrExercisePrice": ("conversion_or_exercise_price", NUMBER, None),
    "transactionDate": ("transaction_date", DATE, None),
    "deemedExecutionDate": ("deemed_execution_date", DATE, None),
    "transactionFormType": ("form_type", TEXT, "transactionCoding"),
    "transactionCode": ("code", TEXT, "transactionCoding"),
    "equitySwapInvolved": ("equity_swap", FLAG, "transactionCoding"),
    "transactionTimeliness": ("timeliness", TEXT, None),
    "transactionShares": ("shares", NUMBER, "transactionAmounts"),
    "transactionTotalValue": ("total_value", NUMBER, "transactionAmounts"),
    "transactionPricePerShare": ("price", NUMBER, "transactionAmounts"),
    "transactionAcquiredDisposedCode": ("acquired_disposed", TEXT, "transactionAmounts"),
    "exerciseDate": ("exercise_date", DATE, None),
    "expirationDate": ("expiration_date", DATE, None),
    "underlyingSecurityTitle": ("underlying_title", TEXT, "underlyingSecurity"),
    "underlyingSecurityShares": ("underlying_shares", NUMBER, "underlyingSecurity"),
    "underlyingSecurityValue": ("underlying_value", NUMBER, "underlyingSecurity"),
    "sharesOwnedFollowingTransaction": ("shares_owned_following", NUMBER, "postTransactionAmounts"),
    "valueOwnedFollowingTransaction": ("value_owned_following", NUMBER, "postTransactionAmounts"),
    "directOrIndirectOwnership": ("ownership", TEXT, "ownershipNature"),
    "natureOfOwnership": ("nature_of_ownership", TEXT, "ownershipNature"),
}
# Columns that only Table II has; on a row of Table I their elements are unknown.
DERIVATIVE_ONLY = {
    "conversionOrExercisePrice",
    "exerciseDate",
    "expirationDate",
    "underlyingSecurity",
    "underlyingSecurityTitle",
    "underlyingSecurityShares",
    "underlyingSecurityValue",
}
# Elements inside transactionCoding hold their text themselves; all others hold it in <value>.
BARE = {"transactionFormType", "transactionCode", "equitySwapInvolved"}
