"""Several workers beside each other, on both databases."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from django.db import connection

from wellfounded.people import jobs
from wellfounded.people.models import Job


def test_a_job_that_takes_longer_than_its_lease_is_done_by_one_worker(both, monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.6))
    job = jobs.ask("long", {})
    begun: list[str] = []
    at_work, over = threading.Event(), threading.Event()

    def long(job: Job, say: object) -> None:
        begun.append(threading.current_thread().name)
        at_work.set()
        over.wait(30)

    def first() -> None:
        jobs.work({"long": long})
        connection.close()

    worker = threading.Thread(target=first, name="first")
    worker.start()
    assert at_work.wait(30)
    time.sleep(1.5)  # more than two leases
    assert not jobs.work({"long": long})
    over.set()
    worker.join()
    job.refresh_from_db()
    assert (begun, job.state, job.attempts) == (["first"], "done", 1)
