"""Several workers beside each other, on both databases."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from django.db import connection

from wellfounded.people import jobs, mail
from wellfounded.people.models import Job
from wellfounded.web import working


def test_a_job_that_takes_longer_than_its_lease_is_done_by_one_worker(both, monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=2))
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
    time.sleep(4.5)  # more than two leases
    assert not jobs.work({"long": long})
    over.set()
    worker.join()
    job.refresh_from_db()
    assert (begun, job.state, job.attempts) == (["first"], "done", 1)


def test_an_e_mail_does_not_wait_for_long_work_of_the_same_worker(both, monkeypatch, tmp_path):
    sent, stop = threading.Event(), threading.Event()
    long_ended_after_it: list[bool] = []

    def long(job: Job, say: object) -> None:
        long_ended_after_it.append(sent.wait(30))
        stop.set()

    monkeypatch.setattr(working, "EVERY", {})
    monkeypatch.setattr(working, "handlers", lambda base: {"long": long, mail.KIND: lambda job, say: sent.set()})
    jobs.ask("long", {})
    jobs.ask(mail.KIND, {})
    working.stay(tmp_path, stop)
    assert long_ended_after_it == [True]
    assert set(Job.objects.values_list("kind", "error")) == {("long", ""), (mail.KIND, "")}
    assert not Job.objects.filter(done_at=None).exists()


def test_a_worker_that_is_told_to_stop_gives_back_what_takes_longer(both, monkeypatch, tmp_path):
    stop, over = threading.Event(), threading.Event()

    def long(job: Job, say: object) -> None:
        stop.set()
        over.wait(60)

    monkeypatch.setattr(working, "EVERY", {})
    monkeypatch.setattr(working, "handlers", lambda base: {"longer": long})
    job = jobs.ask("longer", {})
    assert not working.stay(tmp_path, stop, patience=0.2)
    job.refresh_from_db()
    assert (job.done_at, job.failed_at, job.leased_until, job.attempts) == (None, None, None, 0)
    over.set()
    for each in threading.enumerate():
        if "(lane)" in each.name:
            each.join(30)
