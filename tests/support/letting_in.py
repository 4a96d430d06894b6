# SPDX-License-Identifier: EUPL-1.2
"""Organisations whose systems are let in."""
import subprocess

from conftest import BIN

WHY = ["--why", "They register talks for us", "--who", "Kari Drift"]


def ops(*words):
    return subprocess.run([BIN / "tillit-ops", *words], capture_output=True, text=True, timeout=30)
