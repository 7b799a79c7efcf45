"""The tables of engagement as an application of Django."""

from __future__ import annotations

from django.apps import AppConfig


class Engagement(AppConfig):
    name = "wellfounded.people.engagement"
    label = "engagement"
    default_auto_field = "django.db.models.BigAutoField"
