"""The PostgreSQL backend on the embedded server, which the first connection starts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.client import DatabaseClient as PostgresClient
from django.db.utils import OperationalError

from form4site.embedded import server
from form4site.embedded.cluster import wheel_folder
from form4site.postgres.base import DatabaseWrapper as PostgresWrapper

RECOVERY_SECONDS = 30  # how long one connection waits while a crashed server comes back


class DatabaseClient(PostgresClient):
    """`manage.py dbshell` with the wheel's own psql."""

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict: dict[str, Any], parameters: Any) -> Any:
        host = server.ensure_running(Path(settings_dict["VAR_DIR"]))
        arguments, environment = super().settings_to_cmd_args_env({**settings_dict, "HOST": host}, parameters)
        return [str(wheel_folder() / "bin" / "psql"), *arguments[1:]], environment


class DatabaseWrapper(PostgresWrapper):
    """A connection to the server of `settings_dict["VAR_DIR"]`, wherever its socket is at the moment."""

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        if "pool" in self.settings_dict["OPTIONS"]:
            raise ImproperlyConfigured("The embedded database takes no pool: its socket moves when it restarts.")
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        deadline = time.monotonic() + RECOVERY_SECONDS
        while True:
            host = server.ensure_running(Path(self.settings_dict["VAR_DIR"]))
            try:
                return super().get_new_connection({**conn_params, "host": host, "port": "5432"})
            except (OperationalError, self.Database.OperationalError) as refused:
                # Between the death of a server and its next start nobody listens, or it says that it recovers.
                coming_back = not server.accepts(host) or "the database system is" in str(refused)
                if not coming_back or time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
