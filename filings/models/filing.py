"""A filing: one accession number, with every header box as filed, its owners and its signatures."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from filings.models.document import Document
from filings.models.fields import AccessionField
from filings.models.insider import Insider
from filings.models.issuer import Issuer
from filings.ownership.document import FORMS
from filings.querysets import FilingQuerySet

PLAN_BOX_SINCE = date(2023, 4, 1)


class Filing(models.Model):
    """What one Form 3, 4 or 5 says above and below its tables.

    `filed_on` and `accepted_at` are the SEC's, None where only the bare XML is known. `listed_on` orders lists: the
    filing date, or for want of one the period of report. `issues` is what the reader could not place.

    `partial` says that the data set that the filing is known from lacked some of its tables: what is not here may have
    been filed, so nothing is read from it before a submission or a whole set completes it.
    """

    accession = AccessionField(primary_key=True)
    form = models.CharField(max_length=3)
    schema_version = models.TextField(null=True)
    period_of_report = models.DateField(null=True)
    date_of_original_submission = models.DateField(null=True)
    filed_on = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    listed_on = models.GeneratedField(
        expression=Coalesce("filed_on", "period_of_report"), output_field=models.DateField(null=True), db_persist=True
    )
    no_securities_owned = models.BooleanField(null=True)
    not_subject_to_section16 = models.BooleanField(null=True)
    form3_holdings_reported = models.BooleanField(null=True)
    form4_transactions_reported = models.BooleanField(null=True)
    aff10b5_one = models.BooleanField(null=True)
    remarks = models.TextField(null=True)
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="filings", db_index=False)
    issuer_name = models.TextField(null=True)
    issuer_ticker = models.TextField(null=True)
    issuer_foreign_ticker = models.TextField(null=True)
    issuer_sic = models.TextField(null=True, help_text="this and the next two: from the SEC's header")
    issuer_state_of_incorporation = models.TextField(null=True)
    issuer_fiscal_year_end = models.TextField(null=True)
    issues = models.JSONField(default=list)
    as_filed = models.JSONField(null=True, help_text="the words of dates that do not spell as they read")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    partial = models.BooleanField(default=False, db_default=False)
    parser_version = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()

    objects = FilingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accession__gte=0, accession__lt=10**18), name="filing_accession_eighteen_digits"
            ),
            models.CheckConstraint(condition=Q(form__in=FORMS), name="filing_form_3_4_or_5"),
            models.CheckConstraint(condition=Q(parser_version__gte=1), name="filing_parser_version_known"),
        ]
        indexes = [
            # With the issuer: who filed most lately is told by the index alone.
            models.Index(
                models.F("listed_on").desc(nulls_last=True),
                models.F("accession").desc(),
                include=["issuer"],
                name="filing_latest",
            ),
            models.Index("issuer", models.F("listed_on").desc(nulls_last=True), name="filing_by_issuer"),
            # What was published lately is looked through for readings that are owed.
            models.Index(fields=["published_at"], name="filing_by_publication"),
            # The same for the news, however much a data set brings: its filings have no acceptance time.
            models.Index(
                fields=["published_at"],
                name="filing_accepted_by_publication",
                condition=Q(accepted_at__isnull=False),
            ),
            models.Index(
                models.F("listed_on").desc(),
                models.F("accession").desc(),
                name="filing_partial",
                condition=Q(partial=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Form {self.form} {self.accession}"

    @property
    def has_plan_box(self) -> bool:
        """Whether the form had the Rule 10b5-1 box: required from 1 April 2023 (SEC release 33-11138)."""
        on = self.filed_on or self.period_of_report
        return self.aff10b5_one is not None or (on is not None and on >= PLAN_BOX_SINCE)

    @property
    def is_amendment(self) -> bool:
        return self.form.endswith("/A")


class FilingOwner(models.Model):
    """A reporting owner of one filing, with the name, relationship and address that this filing gives."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="owners", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="from 0, in document order")
    insider = models.ForeignKey(Insider, models.PROTECT, related_name="filings_owned")
    name = models.TextField(null=True)
    is_director = models.BooleanField(null=True)
    is_officer = models.BooleanField(null=True)
    is_ten_percent_owner = models.BooleanField(null=True)
    is_other = models.BooleanField(null=True)
    officer_title = models.TextField(null=True)
    other_text = models.TextField(null=True)
    street1 = models.TextField(null=True)
    street2 = models.TextField(null=True)
    city = models.TextField(null=True)
    state = models.TextField(null=True)
    zip_code = models.TextField(null=True)
    state_description = models.TextField(null=True)
    good_address = models.BooleanField(null=True)
    non_us_address = models.BooleanField(null=True)
    non_us_state_territory = models.TextField(null=True)
    country = models.TextField(null=True)

    class Meta:
        ordering = ["filing", "position"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "position"], name="filingowner_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.insider_id}"


class Signature(models.Model):
    """A signature under a filing, in document order."""

    filing = models.ForeignKey(Filing, models.CASCADE, related_name="signatures", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="from 0, in document order")
    name = models.TextField(null=True)
    signed_on = models.DateField(null=True)

    class Meta:
        ordering = ["filing", "position"]
        constraints = [
            models.UniqueConstraint(fields=["filing", "position"], name="signature_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.signed_on}"
