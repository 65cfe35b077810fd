"""What PostgreSQL's planner knows of the tables, brought up to date after much was written at once.

Where autovacuum runs it comes by itself, minutes later; until then, and where it does not run, plans are made for
tables that are thought to be small.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection

# Of its rows, how many may be new before a table is looked at again: the tenth that autovacuum takes by default.
_CHANGED = """
    SELECT quote_ident(s.relname) FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
     WHERE s.relname = ANY(%s)
       AND (s.n_mod_since_analyze > 1000 + 0.1 * s.n_live_tup OR c.reltuples < 0)
     ORDER BY 1
"""


def renew_statistics(app: str) -> list[str]:
    """Analyzes the tables of this app that have changed by a tenth since they were, and names them."""
    tables = [model._meta.db_table for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(_CHANGED, [tables])
        changed = [name for (name,) in cursor.fetchall()]
        if changed:
            cursor.execute(f"ANALYZE {', '.join(changed)}")
    return changed
