"""The tables of people's data as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class People(AppConfig):
    name = "wellfounded.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
