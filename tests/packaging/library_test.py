"""Tests the installed C++ library: other projects find it with CMake and with pkg-config, the examples build against it
outside the source tree and print the right results, each header compiles on its own, and the library exports only what
the headers declare."""

import os
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from install_support import build_setting, clean_environment, install, run, run_well
from support import SAMPLES, SOURCE, main

PUBLIC = SOURCE / "include" / "clipseek"
EXAMPLES = ("encode_both", "index_and_search", "watch_scores")
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wold-style-cast", "-Werror"]
FIND = """cmake_minimum_required(VERSION 3.22)
project(find_clipseek LANGUAGES NONE)
find_package(clipseek {wanted})
message(STATUS "found: ${{clipseek_FOUND}} ${{clipseek_VERSION}}")
"""
ABI_TAG = r"(?:\[abi:cxx11\])?"  # GCC appends it to functions that return a type with std::string in its name
SHOW_VERSION = """#include <clipseek/version.h>
#include <iostream>
int main() {
  std::cout << CLIPSEEK_VERSION_MAJOR << '.' << CLIPSEEK_VERSION_MINOR << '.' << CLIPSEEK_VERSION_PATCH << ' '
            << clipseek::version();
}
"""
OPENMP = """#include <clipseek/model.h>
#include <omp.h>
#include <iostream>
int main(int, char** argv) {
  omp_set_num_threads(3);
  auto model = clipseek::Model::open(clipseek::locate_model());
  model->encode_text("a cat");
  model->encode_image({.path = argv[1]});
  std::cout << omp_get_max_threads();
}
"""


def project_version():
    return re.search(r"project\(clipseek VERSION ([\d.]+)", (SOURCE / "CMakeLists.txt").read_text()).group(1)


def score_of(line):
    return float(re.search(r"-?\d+\.\d+", line).group(0))


class LibraryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="clipseek-library-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        first = cls.folder / "installed first"
        install(first)
        cls.prefix = cls.folder / "moved prefix"  # no installed file may depend on the original path
        first.rename(cls.prefix)
        # Only this prefix has this model: a program that finds it has searched the prefix, not the source tree.
        shutil.copytree(cls.prefix / "share/clipseek/models/tiny", cls.prefix / "share/clipseek/models/of-this-prefix")
        cls.library = next(cls.prefix.glob("lib*/**/libclipseek.so"))
        cls.compiler = build_setting("CMAKE_CXX_COMPILER")
        cls.examples = cls.folder / "examples"
        shutil.copytree(SOURCE / "examples", cls.examples)
        cls.build_examples()

    @classmethod
    def build_examples(cls):
        build = cls.folder / "build"
        run_well(["cmake", "-S", cls.examples, "-B", build, f"-DCMAKE_PREFIX_PATH={cls.prefix}",
                  f"-DCMAKE_CXX_COMPILER={cls.compiler}", f"-DCMAKE_CXX_FLAGS={' '.join(WARNINGS)}"])
        run_well(["cmake", "--build", build])
        cls.programs = {name: build / name for name in EXAMPLES}

    def example(self, name, *arguments, status=0, **options):
        work = Path(tempfile.mkdtemp(dir=self.folder))
        options = {"env": clean_environment(CLIPSEEK_MODEL="of-this-prefix"), "cwd": work, **options}
        done = run([self.programs[name], *arguments], **options)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout.splitlines()

    def test_encode_both(self):
        picture = SAMPLES / "two-red-hearts-on-white.jpg"
        right = self.example("encode_both", "two red hearts on a white background", picture)
        wrong = self.example("encode_both", "an elephant", picture)
        self.assertIn("256 numbers each", right[0])
        self.assertGreater(score_of(right[0]), score_of(wrong[0]) + 0.2)

    def test_an_error_of_the_library_is_caught_as_such(self):
        for file, message in ((SAMPLES / "none.jpg", "none.jpg"), (SAMPLES / "README.md", "README.md: not a picture")):
            lines = self.example("encode_both", "a dog", file, status=1)
            self.assertEqual(len(lines), 1)
            self.assertRegex(lines[0], r"^encode_both: ")
            self.assertIn(message, lines[0])

    def test_index_and_search(self):
        lines = self.example("index_and_search", SAMPLES, "two red hearts on a white background")
        self.assertEqual(lines[0], "120 added, 120 pictures in pictures.db")
        self.assertEqual(len(lines), 6)
        self.assertTrue(lines[1].endswith(str(SAMPLES / "two-red-hearts-on-white.jpg")), lines[1])
        scores = [score_of(line) for line in lines[1:]]
        self.assertEqual(scores, sorted(scores, reverse=True))

    def test_watch_scores(self):
        frames = self.folder / "frames"
        frames.mkdir()
        right = {"1.png": "a cat", "3.jpg": "a rocket"}
        shutil.copy(SAMPLES / "cat.png", frames / "1.png")
        (frames / "2.jpg").write_bytes(b"a broken frame")
        shutil.copy(SAMPLES / "rocket.jpg", frames / "3.jpg")
        lines = self.example("watch_scores", frames, *right.values())
        scores = {}
        for line in lines:
            if "\t" in line:
                frame, score, sentence = line.split("\t")
                scores.setdefault(frame, {})[sentence] = float(score)
        self.assertEqual(list(scores), list(right))
        for frame, sentence in right.items():
            self.assertEqual(max(scores[frame], key=scores[frame].get), sentence)
        self.assertEqual(sum("2.jpg: not a picture" in line for line in lines), 1)

    def test_the_readme_shows_code_of_the_examples(self):
        shown = re.search(r"^```cpp\n(.*?)^```", (SOURCE / "README.md").read_text(), re.MULTILINE | re.DOTALL).group(1)
        example = (self.examples / "index_and_search.cpp").read_text()
        known = [line.strip() for line in example.splitlines()]
        for line in shown.splitlines():
            self.assertIn(line.strip(), known)

    def test_pkg_config(self):
        environment = clean_environment(PKG_CONFIG_PATH=str(self.library.parent / "pkgconfig"))
        version = run_well(["pkg-config", "--modversion", "clipseek"], env=environment).strip()
        self.assertEqual(version, project_version())
        program = self.folder / "by pkg-config"
        command = '"$CXX" -std=c++20 "$SOURCE" -o "$PROGRAM" $(pkg-config --cflags --libs clipseek)'
        # The shell splits an unquoted $(...) at spaces, as in a user's makefile, so this prefix contains no space.
        plain = Path(tempfile.mkdtemp(prefix="clipseek-plain-"))
        self.addCleanup(shutil.rmtree, plain)
        (plain / "prefix").symlink_to(self.prefix)
        pkgconfig = plain / "prefix" / self.library.parent.relative_to(self.prefix) / "pkgconfig"
        environment.update(CXX=self.compiler, SOURCE=str(self.examples / "encode_both.cpp"), PROGRAM=str(program),
                           PKG_CONFIG_PATH=str(pkgconfig))
        run_well(["sh", "-c", command], env=environment)
        environment = clean_environment(CLIPSEEK_MODEL="of-this-prefix", LD_LIBRARY_PATH=str(self.library.parent))
        out = run_well([program, "a cat", SAMPLES / "cat.png"], env=environment)
        self.assertGreater(score_of(out), 0.2)

    def test_find_package_checks_the_version(self):
        major, minor, _ = map(int, project_version().split("."))
        for wanted, found in (("", True), (f"{major}.{minor}", True), (project_version() + " EXACT", True),
                              (f"{major}.{minor + 1}", False), (f"{major + 1}", False)):
            project = Path(tempfile.mkdtemp(dir=self.folder))
            (project / "CMakeLists.txt").write_text(FIND.format(wanted=wanted))
            out = run_well(["cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}"])
            self.assertIn(f"found: 1 {project_version()}" if found else "found: 0", out, wanted)

    def test_programs_are_bound_to_the_interface_that_they_were_built_for(self):
        major, minor, _ = project_version().split(".")
        bound = f"libclipseek.so.{'0.' + minor if major == '0' else major}"
        self.assertRegex(run_well(["objdump", "-p", self.programs["encode_both"]]), rf"NEEDED +{bound}\n")

    def test_each_header_alone_and_twice(self):
        for header in sorted(PUBLIC.glob("*.h")):
            source = self.folder / f"only_{header.stem}.cpp"
            source.write_text(f"#include <clipseek/{header.name}>\n" * 2)
            run_well([self.compiler, "-std=c++20", "-fsyntax-only", *WARNINGS, f"-I{self.prefix / 'include'}", source])

    def test_only_the_public_headers_are_installed(self):
        installed = [file.relative_to(self.prefix / "include") for file in (self.prefix / "include").rglob("*")]
        self.assertCountEqual(map(str, installed), ["clipseek", *(f"clipseek/{file.name}" for file in PUBLIC.iterdir())])

    def compiled_and_run(self, name, code, *flags, arguments=()):
        """Compiles this code, links it with the library by its path, and returns what the program prints."""
        source = self.folder / f"{name}.cpp"
        source.write_text(code)
        program = self.folder / name
        run_well([self.compiler, "-std=c++20", *flags, f"-I{self.prefix / 'include'}", source, self.library,
                  f"-Wl,-rpath,{self.library.parent}", "-o", program])
        return run_well([program, *arguments])

    def test_headers_and_library_are_of_one_version(self):
        self.assertEqual(self.compiled_and_run("show_version", SHOW_VERSION),
                         f"{project_version()} {project_version()}")

    def test_the_callers_openmp_setting_is_kept(self):
        self.assertEqual(self.compiled_and_run("openmp", OPENMP, "-fopenmp", arguments=[SAMPLES / "cat.png"]), "3")

    def test_exactly_the_public_names_are_exported(self):
        functions, classes = public_names()
        self.assertGreater(len(functions), 10)
        self.assertLessEqual({"Catalog", "Encoder", "Error", "Model"}, set(classes))
        exported = set()
        for line in run_well(["nm", "-D", "--defined-only", "-C", self.library]).splitlines():
            symbol = re.sub(r"^[0-9a-f]* [A-Za-z] ", "", line)
            name = re.match(r"(?:(?:typeinfo|typeinfo name|vtable) for )?"
                            rf"clipseek::(\w+)(?:::(~?\w+){ABI_TAG}\(|{ABI_TAG}\(|$)", symbol)
            self.assertIsNotNone(name, f"exported, but not public: {symbol}")
            owner, member = name.groups()
            if member:
                self.assertIn(member, classes.get(owner, ""), f"exported, but not public: {symbol}")
            exported.add(owner)
        self.assertEqual(exported, functions | classes.keys())


def public_names():
    """Returns what the public headers mark with CLIPSEEK_API: the functions, and the classes with their bodies."""
    functions = set()
    classes = {}
    for header in PUBLIC.glob("*.h"):
        text = re.sub(r"//.*", "", header.read_text())
        for match in re.finditer(r"^class CLIPSEEK_API (\w+)(.*?)^};", text, re.MULTILINE | re.DOTALL):
            classes[match.group(1)] = match.group(2)
        functions.update(re.findall(r"^CLIPSEEK_API [^()]*?(\w+)\(", text, re.MULTILINE))
    return functions, classes


if __name__ == "__main__":
    if build_setting("CLIPSEEK_SANITIZE"):
        print("skipped: a library with sanitizers cannot be used by a program without them")
        sys.exit(77)
    main()
