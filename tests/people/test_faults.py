"""A fault of the database tells what went wrong, and nobody's words or address, on both databases."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from wellfounded.people import jobs
from wellfounded.people.consultation.actions import arrivals
from wellfounded.people.consultation.actions.arrivals import Sent
from wellfounded.people.consultation.models import Response
from wellfounded.people.faults import without_rows
from wellfounded.people.models import Job, Staff
from wellfounded.web.logs import Line

WORDS = "My manager at the mill\n\nsaid I may not write this."
ADDRESS = "r@people.example"


def refused(job: Job, say: object) -> None:
    """A job that gives the database a row which it does not take, and another while it deals with that."""
    try:
        with transaction.atomic():
            Response.objects.filter(text=WORDS).update(state="duplicate")
    except IntegrityError:
        Staff.objects.create(email=ADDRESS)


def test_a_row_that_the_database_refuses_is_in_no_log_and_no_error(both, caplog):
    Staff.objects.create(email=ADDRESS)
    arrivals.receive_web(Sent(text=WORDS), key="refused", now=timezone.now())
    job = jobs.ask("refused", {})
    with caplog.at_level(logging.ERROR):
        while not job.attempts:
            assert jobs.work({"refused": refused})
            job.refresh_from_db()
    (format_,) = settings.LOGGING["formatters"].values()
    assert format_["()"] == f"{Line.__module__}.{Line.__qualname__}"
    (record,) = caplog.records
    logged = Line(format_["format"], style="{").format(record)
    for told in (logged, job.error):
        assert "IntegrityError" in told
        assert "staff" in told.casefold()
        assert not any(kept in told for kept in ("people.example", "the mill", "may not write"))
    assert logged.count("IntegrityError") >= 2, "how it came about is told"
    assert "test_faults.py" in logged.split("During handling")[1]


@pytest.mark.parametrize("text", ["a fault", "KeyError: 'x'\nDETAILS are elsewhere"])
def test_other_faults_are_told_as_they_are(text):
    assert without_rows(text) == text
