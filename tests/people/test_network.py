"""Whose address counts: only proxies that are named may say for whom they ask."""

from __future__ import annotations

import ipaddress
import logging

import pytest
from django.test import RequestFactory

from wellfounded.web.logs import WithoutTokens
from wellfounded.web.network import client, is_loopback


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # nobody we know: not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # the first is what the visitor made up
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "no address", "no address"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),  # a proxy of ours, seen by a server that speaks IPv6
    ],
)
def test_the_last_address_that_is_none_of_our_proxies_counts(settings, remote, forwarded, expected):
    settings.WELLFOUNDED_PROXIES = (ipaddress.ip_network("10.0.0.0/8"),)
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == expected


def test_a_request_through_a_proxy_on_this_machine_is_not_from_this_machine():
    assert is_loopback(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1"))
    assert not is_loopback(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9"))
    assert not is_loopback(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Not Found: /bookings/{'aB3_-x' * 7}", "Not Found: /bookings/…"),
        ("Not Found: /conclusions/an-hour-of-work-is-worth-more-here-than-there.json", None),
        (f"/staff/t/{'x' * 43} and more", "/staff/t/… and more"),
    ],
)
def test_tokens_stay_out_of_logs(said, kept):
    record = logging.LogRecord("x", logging.INFO, "x", 1, "%s", (said,), None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == (kept or said)
