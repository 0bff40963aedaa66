#!/usr/bin/env python3
"""Runs clang-tidy with the checks of .clang-tidy on the libraries and programs, without their tests.

    check_tidy.py [--names] BUILD_DIR [FILE...]

--names runs only the naming rules, as in the tests; all checks take minutes. BUILD_DIR contains compile_commands.json.
FILEs are relative to the root of the tree; a header is checked with a source file that includes it. The exit status is 1
if clang-tidy finds something and 77 if its version 14 is not installed.

With --names the files of a folder are first checked as one translation unit, because clang-tidy spends its time on the
headers. The unit may be invalid, as two files may use one name for different local things; if clang-tidy reports
anything, the folder's files are checked one by one, and only that counts."""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = "--checks=-*,readability-identifier-naming"
# Files of these folders use one name for different local things, and one by one their headers take minutes.
EXCLUDED = {"ros2", "nodes"}


def read_commands(build):
    """Returns {path: entry of compile_commands.json} of the files to check, without the options that only GCC has: its
    precompiled headers, and errors for warnings whose names clang does not know."""
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["directory"], entry["file"])
        if path.is_relative_to(ROOT / "src") and not path.name.endswith("_test.cpp") and folder_of(path) not in EXCLUDED:
            entry["command"] = re.sub(r" -Werror| -Winvalid-pch| -include \S+cmake_pch\.hxx", "", entry["command"])
            commands[path] = entry
    return commands


def files_to_check(names, commands):
    """Returns the files of `commands` that check the files `names`: a source file checks itself, and a header is checked
    with a source file that includes it. Prints the names that none checks."""
    found = set()
    for name in names:
        path = ROOT / name
        include = f'"{path.relative_to(ROOT / "src")}"' if path.is_relative_to(ROOT / "src") else f'"{name}"'
        include = include.replace("include/", "")
        users = [path] if path in commands else sorted(
            (user for user in commands if include in user.read_text()), key=lambda user: user.stem != path.stem)
        if users:
            found.add(users[0])
        else:
            print(f"not checked by clang-tidy: {name}")
    return {path: commands[path] for path in found}


def folder_of(path):
    return path.relative_to(ROOT / "src").parts[0]


def find_program():
    program = shutil.which("clang-tidy-14") or shutil.which("clang-tidy")
    if program is None:
        return None
    version = subprocess.run([program, "--version"], text=True, check=False, stdout=subprocess.PIPE).stdout
    return program if re.search(r"version 14\.", version) else None


class Tidy:
    """clang-tidy with a compile_commands.json of its own in `folder`."""

    def __init__(self, program, folder, commands, options):
        self.command = [program, "--quiet", f"--config-file={ROOT / '.clang-tidy'}", "-p", str(folder), *options]
        self.folder = folder
        self.entries = list(commands.values())
        self.write_commands()

    def write_commands(self):
        (self.folder / "compile_commands.json").write_text(json.dumps(self.entries))

    def add_unit(self, name, paths, entry):
        """Makes a translation unit of several files, compiled like the file of `entry`."""
        unit = self.folder / f"{name}.cpp"
        unit.write_text("".join(f'#include "{path}"\n' for path in paths))
        command = entry["command"].replace(shlex.quote(entry["file"]), shlex.quote(str(unit)))
        self.entries.append({**entry, "command": command, "file": str(unit)})
        self.write_commands()
        return unit

    def run(self, path, *options):
        """Returns whether nothing was found, and the report."""
        process = subprocess.run([*self.command, *options, str(path)], text=True, check=False, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        # clang-tidy counts the warnings that it suppresses, on stderr.
        errors = re.sub(r"^\d+ warnings?.* generated\.\n", "", process.stderr, flags=re.MULTILINE)
        return process.returncode == 0, process.stdout + errors


def check_folders(tidy, pool, commands):
    """Returns the files of the folders for which the check of the whole folder reports something."""
    folders = {}
    for path in sorted(commands):
        folders.setdefault(folder_of(path), []).append(path)
    units = [tidy.add_unit(name, paths, commands[paths[0]]) for name, paths in folders.items()]
    results = pool.map(lambda unit: tidy.run(unit, "--header-filter=(src|include)/.*"), units)
    return [path for paths, (good, _) in zip(folders.values(), results, strict=True) if not good for path in paths]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", action="store_true")
    parser.add_argument("build", type=Path)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    program = find_program()
    if program is None:
        print("skipped: clang-tidy 14 is not installed, and other versions report other things")
        return 77
    commands = read_commands(arguments.build)
    if arguments.files:
        commands = files_to_check(arguments.files, commands)
    failed = False
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        tidy = Tidy(program, Path(folder), commands, [NAMES] if arguments.names else [])
        paths = check_folders(tidy, pool, commands) if arguments.names else sorted(commands)
        for good, report in pool.map(tidy.run, paths):
            if not good:
                failed = True
                print(report, end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
