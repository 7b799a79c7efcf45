"""The tables of the consultation as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class Consultation(AppConfig):
    name = "wellfounded.people.consultation"
    label = "consultation"
    default_auto_field = "django.db.models.BigAutoField"
