# SPDX-License-Identifier: EUPL-1.2
"""librdkafka's mock cluster in Kafka's place (mock_broker.c): it gives answers that a real broker can't be made to give.
What it can't do: make topics, keep sequence numbers of an idempotent producer (the ordered answers do that for it), keep
records that it answered with an error (so NOT_ENOUGH_REPLICAS_AFTER_APPEND and REQUEST_TIMED_OUT mean: not kept)."""
import signal
import subprocess
from contextlib import suppress

from rig import BIN, TOPIC, say


class MockGone(Exception):
    """The library's mock has failed an assertion of its own: nothing that it would have shown is known."""


class MockBroker:
    def __init__(self, partitions=12):
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", BIN / "mock-broker", TOPIC, str(partitions)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        ready, self.bootstrap, version = self.process.stdout.readline().split()
        self.version = tuple(int(n) for n in version.split("."))
        say(f"mock cluster at {self.bootstrap}, librdkafka {version}")

    def check(self):
        if self.process.poll() == -signal.SIGABRT:
            raise MockGone

    def ask(self, *words):
        try:
            self.process.stdin.write(" ".join(map(str, words)) + "\n")
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self.process.wait(20)
            self.check()
        verdict, answer = line.split(" ", 1)
        if verdict != "ok":
            raise RuntimeError(f"mock-broker {words}: {answer.strip()}")
        return int(answer)

    def stop(self):
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait(20)
