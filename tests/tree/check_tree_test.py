"""tools/check_tree.py reports a violation of each of its rules, tested in a small tree."""

import importlib.util
import os
import sys
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["CLIPSEEK_SOURCE"])
sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("check_tree", SOURCE / "tools" / "check_tree.py")
check_tree = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check_tree)

GOOD = {
    "src/CMakeLists.txt": "clipseek_library(base VENDORS spdlog::spdlog)\nclipseek_library(nn DEPS base)\n"
                          "clipseek_library(clip DEPS nn base)  # not store\nclipseek_library(cli DEPS clip)\n",
    "src/base/log.h": "#pragma once\n",
    "src/base/log.cpp": "#include <spdlog/spdlog.h>\n\n#include <string>\n\n#include \"base/log.h\"\n",
    "src/nn/layer.h": "#pragma once\n#include <sys/mman.h>\n#include \"base/log.h\"\n",
    "src/cli/main.cpp": "#include \"clip/model.h\"\nint main() {\n  std::exit(printf(\"x\"));\n}\n",
    "src/clip/model.h": "#pragma once\n#include \"nn/layer.h\"\n// std::cout << 1;\n",
    "README.md": "Build it in ~/clipseek, \u2026 or in /usr/src.\n",
}


class CheckTreeTest(unittest.TestCase):
    def problems(self, changes=None):
        """Returns the problems that the check finds in the good tree with `changes` (path: content)."""
        with tempfile.TemporaryDirectory() as folder:
            for path, content in {**GOOD, **(changes or {})}.items():
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
            return check_tree.check(folder)

    def assert_found(self, path, content, *problems):
        self.assertEqual(self.problems({path: content}), [f"{path}:{problem}" for problem in problems])

    def test_the_good_tree(self):
        self.assertEqual(self.problems(), [])

    def test_a_folder_that_deps_do_not_list(self):
        self.assert_found("src/nn/layer.cpp", '#include "clip/model.h"\n',
                          "1: nn may not include clip: src/CMakeLists.txt does not list it in DEPS")

    def test_the_includes_of_a_dependency_are_not_inherited(self):
        self.assert_found("src/cli/x.cpp", '\n  #  include "nn/layer.h"\n',
                          "2: cli may not include nn: src/CMakeLists.txt does not list it in DEPS")

    def test_an_include_that_is_not_rooted_at_src(self):
        self.assert_found("src/nn/layer.cpp", '#include "layer.h"\n',
                          '1: "layer.h" is not a file below src/ or include/ (includes are rooted there)')

    def test_public_headers(self):
        self.assert_found("include/clipseek/x.h", '#pragma once\n#include "nn/layer.h"\n',
                          '2: "nn/layer.h": a public header includes public headers only')
        self.assert_found("include/clipseek/x.h", "#pragma once\n#include <spdlog/spdlog.h>\n",
                          "2: <spdlog/spdlog.h> stays inside base")
        self.assertEqual(self.problems({"include/clipseek/x.h": "#pragma once\n",
                                        "src/base/x.h": '#pragma once\n#include "clipseek/x.h"\n'}), [])

    def test_helpers_of_tests(self):
        helper = {"src/nn/testing/fake.h": "#pragma once\n#include <gtest/gtest.h>\n"}
        include = '#include "nn/testing/fake.h"\n'
        self.assertEqual(self.problems({**helper, "src/nn/x_test.cpp": include}), [])
        self.assertEqual(self.problems({**helper, "src/nn/x.cpp": include}),
                         ['src/nn/x.cpp:1: "nn/testing/fake.h" is for tests only'])

    def test_a_type_defined_twice(self):
        one = "namespace clipseek::nn {\nstruct A {};\nnamespace {\nstruct B {};\n}\nclass C;\n}\n"
        self.assertEqual(self.problems({"src/nn/a.cpp": one,
                                        "src/nn/b.cpp": one.replace("struct A", "enum class A : int")}),
                         ["src/nn/b.cpp:2: clipseek::nn::A is defined in src/nn/a.cpp too"])

    def test_a_namespace_of_another_folder(self):
        self.assert_found("src/nn/x.cpp", "\nnamespace clipseek::clip {\n}\n",
                          "2: the namespace of nn/ is clipseek::nn")

    def test_circular_dependencies(self):
        found = self.problems({"src/CMakeLists.txt": "clipseek_library(base DEPS clip)\nclipseek_library(nn DEPS base)\n"
                                                     "clipseek_library(clip DEPS nn)\nclipseek_library(cli DEPS clip)"})
        self.assertIn("src/CMakeLists.txt:1: folders depend on each other in a circle: base > clip > nn > base", found)

    def test_a_folder_without_a_library(self):
        self.assert_found("src/extra/x.h", "#pragma once\n", "1: src/CMakeLists.txt has no clipseek_library(extra)")

    def test_vendor_headers(self):
        self.assert_found("src/nn/x.cpp", "#include <spdlog/spdlog.h>\n", "1: <spdlog/spdlog.h> stays inside base")
        self.assert_found("src/nn/x.cpp", "#include <gtest/gtest.h>\n", "1: <gtest/gtest.h> stays inside test")
        self.assert_found("src/nn/x_test.cpp", "#include <gtest/gtest.h>\n")
        self.assert_found("src/nn/x.cpp", "#include <vendor/any.hpp>\n",
                          "1: <vendor/any.hpp> is unknown: give it a folder in VENDOR_HEADERS of tools/check_tree.py")

    def test_includes_in_comments_and_strings_are_ignored(self):
        self.assert_found("src/nn/x.cpp", '/*\n#include "cli/x.h"\n*/\n// #include <spdlog/x.h>\n')

    def test_printing_and_exiting(self):
        for statement in ["std::cout << 1;", "printf (\"x\");", "std::exit(1);", "exit(1);", "fprintf(stderr, \"\");"]:
            self.assertEqual(len(self.problems({"src/nn/x.cpp": f"\nvoid f() {{ {statement} }}\n"})), 1, statement)
        self.assert_found("src/nn/x.cpp", 'void f() { log("printf(x)"); std::snprintf(a, 1, ""); on_exit(1); x.exit(2); }\n')

    def test_a_long_file(self):
        self.assert_found("src/nn/x.cpp", "\n" * 401, "401: 401 lines; at most 400")
        self.assert_found("src/nn/x.cpp", "\n" * 400)

    def test_a_long_function(self):
        for head in ["void f(int a,\n       int b) {", "template <class T>\nX::X() : a_(1) {", "TEST_F(A, B)\n{"]:
            body = "  // {\n  char c = '{';\n  if (x) {\n  }\n" * 14
            self.assert_found("src/nn/x.cpp", f"namespace a {{\nclass B {{\n{head}\n{body}\n}}\n}};\n}}\n")
            self.assert_found("src/nn/x.cpp", f"namespace a {{\nclass B {{\n{head}\n{body}\n\n\n\n}}\n}};\n}}\n",
                              "3: a function of 63 lines; at most 60")

    def test_a_long_class_is_not_a_long_function(self):
        self.assert_found("src/nn/x.h", "#pragma once\nclass A {\n" + "  int f() { return 1; }\n" * 100 + "};\n")

    def test_a_long_python_function(self):
        self.assert_found("tools/x.py", "def f():\n" + "    pass\n" * 60, "1: a function of 61 lines; at most 60")

    def test_a_header_without_pragma_once(self):
        self.assert_found("src/nn/x.h", "// #pragma once\n", "1: a header without #pragma once")

    def test_code_that_is_not_ascii(self):
        self.assert_found("src/nn/x.cpp", "// 0 \u2026 1\n", "1: '\u2026' is not ASCII")

    def test_paths_and_hosts_of_one_machine(self):
        for text in ["/home/alice/x", "see /work/notes", "/root/.cache", "https://pypi.org/simple"]:
            self.assertEqual(len(self.problems({"docs/x.md": f"a\n{text}\n"})), 1, text)
        self.assert_found("docs/x.md", "/usr/share /userdata/config /home/me homework/x src/work/x\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
