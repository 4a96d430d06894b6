# SPDX-License-Identifier: EUPL-1.2
"""Free ports of loopback, below those that the system gives to connections: a program that is started again finds its own still free.
usage: ports.py COUNT"""
import random
import socket
import sys
from itertools import islice

BELOW = range(15000, 32000)


def is_free(port):
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count):
    shuffled = random.SystemRandom().sample(BELOW, len(BELOW))
    return list(islice(filter(is_free, shuffled), count))


if __name__ == "__main__":
    print(*free_ports(int(sys.argv[1])))
