"""Run by itself: sessions and a sign-in link in the database of a server, said as JSON."""

from __future__ import annotations

import json


def main() -> None:
    from wellfounded.config.environment import prepare

    prepare()
    from django.utils import timezone

    from tests.web.sessions_made import booked, opened_session
    from wellfounded.people import accounts
    from wellfounded.people.engagement import stakeholders
    from wellfounded.people.room import actions

    now = timezone.now()
    staff = accounts.add("organiser@example.org", roles=["organiser"])[0]
    sessions = [opened_session(now=now, capacity=1, title=title, days=9) for title in ("For desks", "For phones")]
    large = opened_session(now=now, capacity=30, title="A large one", days=12)
    booked(large, "guest@example.org", now=now, name="Gwen Guest", organisation="Guest Works", access="A hearing loop")
    works = stakeholders.Entry(
        "Example Works of the Northern Gateway", "employer", "public-task", email="w@example.org"
    )
    stakeholders.save(works, by=staff.email, now=now)
    room = actions.open_room(large.pk, by=staff.email, now=now)
    said = {
        "sessions": [session.pk for session in sessions],
        "large": large.pk,
        "links": [f"/staff/t/{accounts.link_for(staff)}" for _ in range(3)],
        "room": f"/room/{room.token}",
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
