"""Ways to break a named constraint: each gives the call that does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model


def update(model: type[Model], **fields: Any) -> Callable[[], object]:
    return lambda: model._default_manager.all().update(**fields)


def sql(statement: str, *parameters: object) -> Callable[[], object]:
    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    return execute


def twice(model: type[Model]) -> Callable[[], object]:
    """The same row again under another key of its own."""

    def insert() -> None:
        row = model._default_manager.order_by("pk").first()
        assert row is not None, f"no {model.__name__} to double"
        row.pk = None
        row.save(force_insert=True)

    return insert


def same_place(model: type[Model], **fields: Any) -> Callable[[], object]:
    """The same row again, differing only in these fields."""

    def insert() -> None:
        row = model._default_manager.order_by("pk").first()
        assert row is not None
        row.pk = None
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return insert


def named_constraints(*apps_labels: str) -> set[str]:
    """Every named constraint of the models of these apps."""
    return {
        constraint.name
        for label in apps_labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }
