"""The tables of deciding as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class Deciding(AppConfig):
    name = "wellfounded.people.deciding"
    label = "deciding"
    default_auto_field = "django.db.models.BigAutoField"
