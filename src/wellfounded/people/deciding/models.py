"""Tables: workshops on priorities, and the weights that each member stated."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Workshop(models.Model):
    """A meeting in which people say what matters. Whoever has its link may state weights while it is open."""

    title = models.CharField(max_length=160)
    token = models.CharField(max_length=64, unique=True)  # of its link, which staff show to the room
    edition = models.PositiveIntegerField(default=0)  # whose priorities were weighed; 0: the working version
    made_at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=254)
    closed_at = models.DateTimeField(null=True)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Stated(models.Model):
    """The points from 0 to 10 that one member gave to impact areas and to what criteria look at."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="stated")
    name = models.CharField(max_length=60)  # as the room knows them
    holder = models.CharField(max_length=64)  # keyed hash of what their browser keeps: only they may change it
    points = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["workshop", "name"], name="one_name_a_workshop"),)

    def __str__(self) -> str:
        return self.name
