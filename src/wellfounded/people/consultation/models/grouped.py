"""Tables of groups: campaigns of near-identical responses, and themes over all points."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wellfounded.people.consultation.models.arrived import Response
from wellfounded.people.consultation.models.read import Point


class Campaign(models.Model):
    """Responses that share a text. `model` is the one in which the common text is read, once for all."""

    name = models.CharField(max_length=200)
    named_by = models.CharField(max_length=254, blank=True)  # empty: the software named it
    model = models.ForeignKey(Response, on_delete=models.SET_NULL, null=True, related_name="models_campaign")
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # no longer found

    def __str__(self) -> str:
        return self.name


class CampaignMember(models.Model):
    """A response of a campaign: which of its characters are the common text, and which were added."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="membership")
    common = models.JSONField(default=list)  # of [start, end]
    added = models.JSONField(default=list)
    out_by = models.CharField(max_length=254, blank=True)  # who said that it is no part of the campaign
    out_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.response_id}"


class Theme(models.Model):
    """What many points are about. What people named, merged or split is `kept`: no program changes it."""

    key = models.CharField(max_length=64, unique=True)  # the id under which the software finds it again
    name = models.CharField(max_length=200)
    terms = models.JSONField(default=list)
    kept = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    size = models.JSONField(default=dict)  # how large it was, kept: `of` says of which members

    def __str__(self) -> str:
        return self.name


class ThemePoint(models.Model):
    """A point of a theme. A point is in one theme at most."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="members")
    point = models.OneToOneField(Point, on_delete=models.CASCADE, related_name="theme_of")
    representative = models.PositiveSmallIntegerField(default=0)  # 1 is the most typical; 0: not shown as such

    class Meta:
        indexes = (
            models.Index(fields=["theme", "representative"], name="theme_shown", condition=Q(representative__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.theme_id} {self.point_id}"


class ThemeChange(models.Model):
    """How themes became others, by whom: read forwards and backwards, it says where every theme came from and went."""

    kind = models.CharField(max_length=20)  # renamed, merged, split
    before = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="became")
    after = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="came_from")
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    was = models.CharField(max_length=200, blank=True)  # its name before
    points = models.PositiveIntegerField(default=0)  # that went over
    moved = models.JSONField(default=list)  # which: so that it can be taken back
    back_by = models.CharField(max_length=254, blank=True)  # who took it back
    back_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.before_id} {self.kind} {self.after_id}"
