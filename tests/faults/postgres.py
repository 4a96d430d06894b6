# SPDX-License-Identifier: EUPL-1.2
"""A PostgreSQL that is killed, started, copied to a standby that follows it, and led from there."""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy/local"))
from ports import free_ports  # noqa: E402


def process_tree(pid):
    """The process and its children, as /proc tells."""
    found = [pid]
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(entry.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def gone(pid):
    return not Path(f"/proc/{pid}").exists()


class Postgres:
    def __init__(self, home, folder, port):
        self.home, self.folder, self.port = home, folder, port
        self.data = f"{home}/{folder}"

    def ctl(self, *arguments):
        return self.run(os.environ["PG_BIN"] + "/pg_ctl", "-D", self.data, *arguments)

    def run(self, *command):
        return subprocess.run([*os.environ["TILLIT_PG_AS"].split(), *command], capture_output=True).returncode == 0

    def pid(self):
        return int(Path(f"{self.data}/postmaster.pid").read_text().split()[0])

    def tree(self):
        return process_tree(self.pid())

    def kill(self):
        tree = self.tree()
        for pid in tree:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        deadline = time.monotonic() + 30
        while not all(map(gone, tree)) and time.monotonic() < deadline:
            time.sleep(0.05)

    def start(self):
        return self.ctl("-o", f"-p {self.port}", "-l", f"{self.home}/log", "-w", "-t", "30", "start")

    def rows(self, sql):
        with psycopg.connect(host="127.0.0.1", port=self.port, user="postgres", dbname="postgres", autocommit=True, connect_timeout=3) as db:
            cursor = db.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def configure(self, **settings):
        """Takes hold at once, in the connections that are open too; None: as it was."""
        for name, value in settings.items():
            self.rows(f"ALTER SYSTEM SET {name} = '{value}'" if value is not None else f"ALTER SYSTEM RESET {name}")
        self.rows("SELECT pg_reload_conf()")

    def follow(self, standby=None):
        """A standby that has all that was ever answered for: whoever commits from here on waits for it."""
        if not standby:
            port, = free_ports(1)
            standby = Postgres(self.home, f"standby.{port}", port)
        made = self.run(os.environ["PG_BIN"] + "/pg_basebackup", "-D", standby.data, "-R", "-X", "stream", "-c", "fast", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres")
        if not made or not standby.start():
            raise TimeoutError("the standby could not be made")
        deadline = time.monotonic() + 30
        while not self.rows("SELECT FROM pg_stat_replication WHERE state = 'streaming'") and time.monotonic() < deadline:
            time.sleep(0.05)
        self.configure(synchronous_standby_names="*")
        return standby

    def promote(self):
        if not self.ctl("-w", "-t", "30", "promote"):
            raise TimeoutError("the standby could not be promoted")

    def remove(self):
        """Nobody comes back to it."""
        self.ctl("-m", "immediate", "-w", "stop")
        shutil.rmtree(self.data, ignore_errors=True)
