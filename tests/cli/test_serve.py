"""What `wellfounded serve` says, and when."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from wellfounded.cli.serve import said_when_answered


class Nothing(BaseHTTPRequestHandler):
    """Has no page, and says so."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_that_it_serves_is_said_once_it_answers_and_not_while_it_only_listens():
    said, told = [], threading.Event()

    def say(words: str) -> None:
        said.append(words)
        told.set()

    with HTTPServer(("127.0.0.1", 0), Nothing) as server:  # listens, and nobody answers yet
        with said_when_answered("Serving", host="127.0.0.1", port=server.server_port, patience=60, say=say):
            assert not told.wait(0.3)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            assert told.wait(30)
        server.shutdown()
    assert said == ["Serving"]


def test_that_it_serves_is_said_of_a_slow_server_too_and_not_of_one_that_has_ended():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = threading.Event()
    with said_when_answered("Serving", host="127.0.0.1", port=port, patience=0.2, say=lambda words: told.set()):
        assert told.wait(30)
    said: list[str] = []
    with said_when_answered("Serving", host="127.0.0.1", port=port, patience=60, say=said.append):
        pass
    assert not said
