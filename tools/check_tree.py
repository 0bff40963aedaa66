#!/usr/bin/env python3
"""Checks the rules of the source tree: dependencies between folders, vendor headers, sizes, what libraries may not do.

    check_tree.py [ROOT]      prints "file:line: what is wrong" for each violation; exit status 1 if there is any

CONTRIBUTING.md describes the rules. clang-format and clang-tidy check layout and names."""

import ast
import re
import subprocess
import sys
from pathlib import Path

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60

# Vendor headers, each with the folders of src/ that may include it. "test" stands for tests and their helpers in any
# folder: x_test.cpp and the files in a folder testing/.
VENDOR_HEADERS = {
    r"spdlog/": {"base"},
    r"nlohmann/": {"base"},
    r"xxhash\.h|openssl/": {"base"},
    r"unicode/": {"text"},
    r"(turbojpeg|jpeglib|jerror|png|gif_lib|tiff|tiffio)\.h|(webp|libheif|avif)/": {"image"},
    r"(oneapi/|dnnl|omp\.h)": {"nn"},
    r"SQLiteCpp/|sqlite3\.h": {"store"},
    r"(immintrin|x86intrin|arm_neon)\.h": {"nn", "search"},
    r"curl/": {"hub"},
    r"boost/": {"http"},
    r"CLI/": {"cli"},
    r"(fastdds|fastrtps|fastcdr)/|yaml\.h": {"ros2"},
    r"gtest/": {"test"},
}
# The names of system headers: those of C++ without ".h", and the listed ones of C and POSIX.
SYSTEM_HEADER = re.compile(
    r"[a-z0-9_]+|(sys|arpa|net|netinet|linux)/\w+\.h|"
    r"(dlfcn|errno|fcntl|float|langinfo|limits|link|locale|math|poll|pthread|sched|setjmp|signal|stdint|stdio|stdlib|string|"
    r"termios|time|unistd|wchar|wctype)\.h")

# Folders whose code may print and end the process; elsewhere only a main.cpp and the tests may.
PRINTING_FOLDERS = {"cli"}
PRINTS_OR_EXITS = re.compile(
    r"\bstd::(cout|cerr|clog|exit|quick_exit|abort|terminate|print|println)\b|"
    r"(?<![\w.>])(printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|perror|exit|_exit|_Exit|abort)\s*\(")

# Names that exist only on one machine or at one workplace: home folders, the folder of a checkout, package mirrors.
FOREIGN = re.compile(
    r"(?<![\w./])/(work|root|Users|mnt|workspace)/|(?<![\w./])/home/(?!me\b|user\b)|\.pyenv|"
    r"\b(pypi\.org|pythonhosted\.org|registry\.npmjs\.org|proxy\.golang\.org|deb\.debian\.org|artifactory|jfrog)\b")

CPP_SUFFIXES = {".h", ".cpp"}
CODE_FOLDERS = ("include", "src", "bench", "examples", "tests", "tools")
PUBLIC_HEADERS = "include"  # includes are rooted there and at src/


class Tree:
    def __init__(self, root):
        self.root = Path(root).resolve()
        self.problems = []

    def report(self, path, line, text):
        self.problems.append(f"{path.relative_to(self.root)}:{line}: {text}")

    def files(self):
        """Every file that is or would be committed."""
        listed = subprocess.run(["git", "-C", self.root, "ls-files", "-coz", "--exclude-standard"], capture_output=True,
                                check=False)
        if listed.returncode == 0 and listed.stdout:
            paths = [self.root / name.decode() for name in listed.stdout.split(b"\0") if name]
        else:  # a source archive
            paths = [path for path in self.root.rglob("*") if "build" not in path.relative_to(self.root).parts]
        return sorted(path for path in paths if path.is_file() and not path.is_symlink())

    def code(self, suffixes=CPP_SUFFIXES):
        return [path for path in self.files()
                if path.suffix in suffixes and path.relative_to(self.root).parts[0] in CODE_FOLDERS]

    def folder(self, path):
        """The folder of src/ that contains a file, None for other files."""
        parts = path.relative_to(self.root).parts
        return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def blank_out(text, keep_strings=False):
    """C++ source with comments, and strings unless they are kept, replaced by spaces; line numbers do not change."""
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
        re.DOTALL)

    def blanked(match):
        found = match.group(0)
        if keep_strings and not found.startswith("/"):
            return found
        return re.sub(r"[^\n]", " ", found)

    return token.sub(blanked, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def dependencies(tree):
    """The folders that each folder of src/ may include, from the clipseek_library() calls of src/CMakeLists.txt."""
    lists = tree.root / "src" / "CMakeLists.txt"
    text = re.sub(r"#.*", "", lists.read_text())
    allowed = {}
    for call in re.finditer(r"clipseek_library\(\s*(\w+)([^)]*)\)", text):
        words = re.sub(r"\bVENDORS\b.*", "", call.group(2), flags=re.DOTALL).split()
        allowed[call.group(1)] = [word for word in words if word != "DEPS"]
    for name in allowed:
        for other in allowed[name]:
            if other not in allowed:
                tree.report(lists, 1, f"{name} depends on {other}, which is not a folder")
    return allowed


def check_cycles(tree, allowed):
    finished = set()

    def visit(name, trail):
        if name in trail:
            cycle = " > ".join([*trail[trail.index(name):], name])
            tree.report(tree.root / "src" / "CMakeLists.txt", 1, f"folders depend on each other in a circle: {cycle}")
        elif name not in finished:
            for other in allowed.get(name, []):
                visit(other, [*trail, name])
            finished.add(name)

    for name in allowed:
        visit(name, [])


def check_includes(tree, path, text, allowed):
    folder = tree.folder(path)
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', blank_out(text, keep_strings=True), re.MULTILINE):
        line = line_of(text, match.start())
        name = match.group(2)
        if match.group(1) == '"':
            check_own_include(tree, path, line, name, folder, allowed)
        elif folder is not None or path.relative_to(tree.root).parts[0] == PUBLIC_HEADERS:
            check_vendor_include(tree, path, line, name, folder)


def is_test(path):
    return path.stem.endswith("_test") or path.parent.name == "testing"


def check_own_include(tree, path, line, name, folder, allowed):
    public = path.relative_to(tree.root).parts[0] == PUBLIC_HEADERS
    if (tree.root / PUBLIC_HEADERS / name).is_file():
        return
    if public:
        tree.report(path, line, f'"{name}": a public header includes public headers only')
        return
    if folder is None and (path.parent / name).is_file():
        return  # a test's own helper
    if not (tree.root / "src" / name).is_file():
        tree.report(path, line, f'"{name}" is not a file below src/ or {PUBLIC_HEADERS}/ (includes are rooted there)')
        return
    if folder is not None and "testing" in name.split("/")[:-1] and not is_test(path):
        tree.report(path, line, f'"{name}" is for tests only')
    target = name.split("/")[0]
    if folder is not None and target != folder and target not in allowed.get(folder, []):
        tree.report(path, line, f"{folder} may not include {target}: src/CMakeLists.txt does not list it in DEPS")


def check_vendor_include(tree, path, line, name, folder):
    for pattern, folders in VENDOR_HEADERS.items():
        if re.match(pattern, name):
            if folder not in folders and not ("test" in folders and is_test(path)):
                tree.report(path, line, f"<{name}> stays inside {' and '.join(sorted(folders))}")
            return
    if not SYSTEM_HEADER.fullmatch(name):
        tree.report(path, line, f"<{name}> is unknown: give it a folder in VENDOR_HEADERS of tools/check_tree.py")


def check_silence(tree, path, text):
    folder = tree.folder(path)
    if folder is None or folder in PRINTING_FOLDERS or path.name == "main.cpp" or path.name.endswith("_test.cpp"):
        return
    for match in PRINTS_OR_EXITS.finditer(blank_out(text)):
        tree.report(path, line_of(text, match.start()), f"a library neither prints nor exits: {match.group(0).strip('(')}")


# What begins a scope in which functions are looked for.
CONTAINER = re.compile(r"\s*(template\s*<.*>\s*)?(inline\s+)?(namespace|class|struct|union|enum)\b", re.DOTALL)


def long_functions(text):
    """(line, length) of each C++ function longer than allowed, from counting braces outside strings and comments."""
    source = re.sub(r"^[ \t]*#[^\n]*(\\\n[^\n]*)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), blank_out(text), flags=re.MULTILINE)
    head_start = 0
    depth = 0  # braces inside the current function
    begin = 0
    for match in re.finditer(r"[{};]", source):
        position = match.start()
        if depth > 0:
            depth += {"{": 1, "}": -1, ";": 0}[match.group(0)]
            if depth == 0:
                length = line_of(source, position) - begin + 1
                if length > MAX_FUNCTION_LINES:
                    yield begin, length
        elif match.group(0) == "{":
            head = source[head_start:position]
            if "(" in head and not CONTAINER.match(head.split("(")[0]):
                depth = 1
                begin = line_of(source, head_start + len(head) - len(head.lstrip()))
        head_start = position + 1


# What opens a scope: a namespace, or the definition of a type.
SCOPE = re.compile(r"(?:inline\s+)?namespace\b(?P<namespace>[^;{}()=]*)$|"
                   r"(?:^|[;}\s])(?:class|struct|union|enum(?:\s+(?:class|struct))?)\s+(?:[A-Z_]+\s+)?(?:alignas\s*\([^)]*\)\s*)?"
                   r"(?P<type>\w+)(?:\s+final)?(?:\s*:(?!:)[^;{}()]*)?$", re.DOTALL)


def types_defined(text):
    """(namespace, name, line) of each type that C++ source defines in a named namespace."""
    source = re.sub(r"^[ \t]*#[^\n]*", "", blank_out(text), flags=re.MULTILINE)
    scopes = []
    head_start = 0
    for match in re.finditer(r"[{};]", source):
        head = source[head_start:match.start()].strip()
        head_start = match.end()
        if match.group(0) == "}":
            scopes and scopes.pop()
        elif match.group(0) == "{":
            scope = SCOPE.search(head)
            if scope and scope.group("namespace") is not None:
                scopes.append(scope.group("namespace").strip() or None)
                continue
            if scope and all(scopes):
                yield "::".join(scopes), scope.group("type"), line_of(source, match.start())
            scopes.append(None)


def check_names(tree, paths):
    """A type name stands for one type in each namespace, and a folder's names are in the folder's namespace."""
    seen = {}
    for path in paths:
        folder = tree.folder(path)
        text = path.read_text(errors="replace")
        if folder is not None:
            for match in re.finditer(r"^namespace clipseek::(\w+) \{", text, re.MULTILINE):
                if match.group(1) != folder:
                    tree.report(path, line_of(text, match.start()), f"the namespace of {folder}/ is clipseek::{folder}")
        for namespace, name, line in types_defined(text):
            first = seen.setdefault((namespace, name), path)
            if first != path:
                tree.report(path, line, f"{namespace}::{name} is defined in {first.relative_to(tree.root)} too")


def check_sizes(tree, path, text):
    lines = text.count("\n")
    if lines > MAX_FILE_LINES:
        tree.report(path, lines, f"{lines} lines; at most {MAX_FILE_LINES}")
    functions = long_functions(text) if path.suffix in CPP_SUFFIXES else long_python_functions(text)
    for line, length in functions:
        tree.report(path, line, f"a function of {length} lines; at most {MAX_FUNCTION_LINES}")


def long_python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield node.lineno, length


def check_text(tree, path, text):
    if path.suffix == ".h" and not re.search(r"^#pragma once$", text, re.MULTILINE):
        tree.report(path, 1, "a header without #pragma once")
    for match in re.finditer(r"[^\x00-\x7f]", text):
        tree.report(path, line_of(text, match.start()), f"{match.group(0)!r} is not ASCII")


def check_foreign(tree, path):
    if path.name in {"check_tree.py", "check_tree_test.py"}:  # which must name what they look for
        return
    content = path.read_bytes()
    if b"\0" in content[:8000]:
        return
    text = content.decode(errors="replace")
    for match in FOREIGN.finditer(text):
        tree.report(path, line_of(text, match.start()), f"belongs to one machine only: {match.group(0)}")


def check(root):
    """The tree's problems, one line each."""
    tree = Tree(root)
    allowed = dependencies(tree)
    check_cycles(tree, allowed)
    for path in tree.code():
        text = path.read_text(errors="replace")
        if tree.folder(path) not in {None, *allowed}:
            tree.report(path, 1, f"src/CMakeLists.txt has no clipseek_library({tree.folder(path)})")
        check_includes(tree, path, text, allowed)
        check_silence(tree, path, text)
        check_sizes(tree, path, text)
        check_text(tree, path, text)
    check_names(tree, tree.code())
    for path in tree.code({".py"}):
        check_sizes(tree, path, path.read_text())
    for path in tree.files():
        check_foreign(tree, path)
    return tree.problems


def main():
    problems = check(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems" if problems else "the tree keeps its rules")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
