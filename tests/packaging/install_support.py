"""Shared by the tests of an installed clipseek: functions that run commands and `cmake --install`."""

import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(os.environ["CLIPSEEK_SOURCE"]) / "tests" / "e2e"))
from support import TIMEOUT, clean_environment  # noqa: E402

BUILD = Path(os.environ["CLIPSEEK_BUILD"])


def run(command, **options):
    options = {"env": clean_environment(), "timeout": TIMEOUT, **options}
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)


def run_well(command, **options):
    """Runs a command that must succeed, and returns its output."""
    done = run(command, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def install(prefix, **environment):
    return run_well(["cmake", "--install", BUILD, "--prefix", prefix], env=clean_environment(**environment))


def build_setting(name):
    """The value of a variable in the build's CMakeCache.txt."""
    return re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE).group(1)
