"""The archive in which the addresses of the matrix answer."""

from tests.pages.conftest import small_archive, small_rows  # noqa: F401
