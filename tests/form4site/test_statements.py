from __future__ import annotations

import pytest

from form4site.kit.statements import rows_of_each

pytestmark = pytest.mark.django_db


def test_each_statement_is_answered_in_its_place(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = rows_of_each("SELECT %(of)s", "SELECT 1 WHERE false", "SELECT %(of)s + 1, '100%%'", given={"of": 1})
    assert found == [[(1,)], [], [(2, "100%")]]
