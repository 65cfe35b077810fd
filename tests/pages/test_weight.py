"""A first visit is light: everything a page loads, compressed as the server compresses it, is below 60 kB."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection

from tests.pages.addresses import PAGES
from tests.pages.archive import publish_corpus
from tests.pages.reading import read

pytestmark = [pytest.mark.db_and_celery, pytest.mark.usefixtures("corpus_rows", "small_archive")]
MOST = 60_000


@pytest.fixture(scope="module")
def corpus_rows(small_rows, django_db_blocker):
    with django_db_blocker.unblock():
        publish_corpus()
        connection.check_constraints()


def transferred(client, address):
    response = client.get(address)
    page = read(response)
    sizes = {address: len(gzip.compress(response.content, 9))}
    for element in page.all("link") + page.all("script") + page.all("img"):
        file = element.attributes.get("href") or element.attributes["src"]
        sizes[file] = len(gzip.compress(client.get(file).getvalue(), 9))
    return sizes


@pytest.mark.parametrize("name", PAGES)
def test_a_first_visit_transfers_less_than_60_kb(client, name):
    sizes = transferred(client, PAGES[name])
    assert len(sizes) > 5
    assert sum(sizes.values()) < MOST, sizes
