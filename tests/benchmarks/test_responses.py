"""Five thousand responses go through the product as 100,000 do: what was planted is found, and nothing is lost."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.made_responses import made
from benchmarks.responses import asked, counted, fill, gathered, pages, read_half
from wellfounded.people.consultation.models import CampaignMember, Missed, Personal, Point, Response, ThemePoint
from wellfounded.people.consultation.queries import accounts

pytestmark = pytest.mark.django_db
NUMBER = 5_000


def test_five_thousand_responses_are_received_understood_and_read(shown_publication):
    work = made(NUMBER)
    fill(work, embeddings=False)
    assert accounts.account().received == accounts.account().unread == NUMBER
    texts = dict(Response.objects.values_list("pk", "text"))
    assert sorted(texts.values()) == sorted(work.texts)

    said: Counter[str] = Counter()
    for response, start, end in Point.objects.values_list("response_id", "start", "end"):
        said.update("".join(texts[response][start:end].split()))
    own = Counter("".join("".join(text.split("\n\nKind regards")[0].split()) for text in work.texts))
    assert not own - said, "a character of what somebody says is in no point"

    planted = {f"upload bench {n}": campaign for n, campaign in enumerate(work.planted)}
    pairs = Counter(
        (planted[key], campaign) for key, campaign in CampaignMember.objects.values_list("response__key", "campaign_id")
    )
    wanted = sum(campaign >= 0 for campaign in work.planted)
    assert sum(n for (of, _), n in pairs.items() if of >= 0) >= 0.99 * wanted
    assert sum(pairs.values()) <= 1.05 * wanted
    assert len({campaign for of, campaign in pairs if of >= 0}) == len({of for of, _ in pairs if of >= 0})

    found = counted()
    placed = ThemePoint.objects.values_list("point", flat=True)
    assert 5 <= found["themes"] <= 40
    assert len(placed) == len(set(placed)) > 0.2 * found["points"]
    assert all(each.parties + each.districts > 0 for each in Missed.objects.all())
    assert Personal.objects.filter(kind="e-mail address").count() >= sum("@example.org" in text for text in work.texts)

    read_half()
    account = accounts.account()
    assert account.received == account.linked + account.unread == NUMBER
    for ask in (*asked().values(), *gathered().values()):
        assert ask() is not None
    for page in pages(shown_publication).values():
        page()
