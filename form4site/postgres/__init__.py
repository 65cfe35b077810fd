"""Django's PostgreSQL backend, which asks no question to know that a connection is still there."""
