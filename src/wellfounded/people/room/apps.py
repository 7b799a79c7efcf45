"""The room as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class Room(AppConfig):
    name = "wellfounded.people.room"
    label = "room"
    default_auto_field = "django.db.models.BigAutoField"
