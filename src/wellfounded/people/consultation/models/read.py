"""Tables of what was read: points, what the software suggests, what people decide, and who is at work on what."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wellfounded.people.consultation.models.arrived import Party, Response
from wellfounded.people.consultation.types import WITHOUT_ID, About, Says

_IDS = Q(about__in=[str(about) for about in sorted(WITHOUT_ID)], target="") | (
    ~Q(about__in=[str(about) for about in sorted(WITHOUT_ID)]) & ~Q(target="")
)


class Subject(models.Model):
    """Something that a point can be linked to, as the publication has it now."""

    about = models.CharField(max_length=40)
    target = models.CharField(max_length=120)
    title = models.TextField()  # the sentence of a conclusion
    matter = models.TextField(blank=True)  # what is compared with points: title and description
    hash = models.CharField(max_length=64)  # of its words and its tests, without their figures
    chapter = models.CharField(max_length=120, blank=True)
    position = models.PositiveIntegerField(default=0)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["about", "target"], name="one_subject"),)

    def __str__(self) -> str:
        return f"{self.about} {self.target}"


class Point(models.Model):
    """One thing that a response says: characters `start` to `end` of its text.

    `read_as` is a point of another response that says the same in the common text of a campaign: what is decided there
    holds here. `open` is whether it waits for somebody.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="points")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    marked_by = models.CharField(max_length=254, blank=True)  # the staff member who marked it; empty: the software
    read_as = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="read_here")
    open = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)  # moves with each decision
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="point_starts_before_it_ends"),
            models.UniqueConstraint(fields=["response", "start", "end"], name="one_point_a_span"),
        )
        indexes = (models.Index(fields=["id"], name="point_open", condition=Q(open=True)),)

    def __str__(self) -> str:
        return f"{self.response_id}[{self.start}:{self.end}]"


class Suggestion(models.Model):
    """What the software proposes for a point; `made_with` names the linker and its version."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="suggestions")
    about = models.CharField(max_length=40)
    target = models.CharField(max_length=120, blank=True)
    confidence = models.FloatField()
    made_with = models.CharField(max_length=60)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["point", "about", "target"], name="one_suggestion"),
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="confidence_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.about} {self.target} {self.confidence:.2f}"


class Embedding(models.Model):
    """What the embedding model made of a point's words, kept so that it need not be made again. It is personal data:
    words can be guessed from it. It goes with the words, by erasure too.
    """

    key = models.CharField(max_length=64, unique=True)  # a keyed hash of the words: the same for all who say the same
    frame = models.CharField(max_length=64)  # hash of the model and of what points were measured against
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="embeddings")  # the first that says it
    numbers = models.BinaryField()

    def __str__(self) -> str:
        return f"embedding of {self.point_id}"


class Link(models.Model):
    """What a person decided that a point is about, and what it says of it. One that is taken back stays, with by whom.

    No program writes here but on behalf of a person.
    """

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="links")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="links")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="links")
    about = models.CharField(max_length=40)
    target = models.CharField(max_length=120, blank=True)
    says = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    subject_hash = models.CharField(max_length=64, blank=True)  # of the subject as it was when this was decided
    recheck = models.BooleanField(default=False)  # the subject has been edited since
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=254, blank=True)
    decision = models.ForeignKey("Decision", on_delete=models.SET_NULL, null=True, related_name="links")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["point", "about", "target", "says"], name="one_link_stands", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(condition=_IDS, name="link_has_its_target"),
            models.CheckConstraint(condition=Q(about__in=[str(a) for a in About]), name="link_about"),
            models.CheckConstraint(condition=Q(says__in=["", *(str(s) for s in Says)]), name="link_says"),
            models.CheckConstraint(condition=~Q(by__in=["", "worker"]), name="link_by_a_person"),
        )
        indexes = (
            models.Index(fields=["about", "target", "says"], name="link_stands", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["says"], name="link_unanswered", condition=Q(ended_at=None, decision=None)),
            models.Index(fields=["id"], name="link_recheck", condition=Q(ended_at=None, recheck=True)),
        )

    def __str__(self) -> str:
        return f"{self.point_id} {self.says} {self.about} {self.target}"


class Claim(models.Model):
    """Somebody is at work on a response, for a short time."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="claim")
    by = models.CharField(max_length=254)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.response_id} by {self.by}"


class Missed(models.Model):
    """A point that is far from all that we say, and how many different people say the like."""

    point = models.OneToOneField(Point, on_delete=models.CASCADE, related_name="missed")
    novelty = models.FloatField()
    parties = models.PositiveIntegerField()
    districts = models.PositiveIntegerField()
    score = models.FloatField(db_index=True)
    like = models.JSONField(default=list)  # ids of the points that say it
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.CharField(max_length=254, blank=True)

    def __str__(self) -> str:
        return f"missed {self.point_id}"


class Sample(models.Model):
    """Points drawn by chance that two people code without seeing what the other decided."""

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254)
    seed = models.PositiveBigIntegerField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sample {self.pk}"


class SamplePoint(models.Model):
    """A point of a sample, in the order in which it is coded."""

    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="points")
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="samples")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["sample", "point"], name="once_a_sample"),)

    def __str__(self) -> str:
        return f"{self.sample_id} {self.position}"


class Coding(models.Model):
    """What one person made of a point of a sample. It decides nothing: it measures how far two people agree."""

    of = models.ForeignKey(SamplePoint, on_delete=models.CASCADE, related_name="codings")
    by = models.CharField(max_length=254)
    at = models.DateTimeField()
    about = models.CharField(max_length=40)
    target = models.CharField(max_length=120, blank=True)
    says = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["of", "by"], name="one_coding_each"),
            models.CheckConstraint(condition=_IDS, name="coding_has_its_target"),
        )

    def __str__(self) -> str:
        return f"{self.of_id} by {self.by}"
