"""A ROS 2 workspace for tests, built with Debian's ament and rosidl. Debian has no message packages.

So this module creates the packages that ours depend on: messages from their public definitions (tests/golden), and
rosidl_default_generators with the generators that Debian has, those for C and C++."""

import os
import subprocess
from pathlib import Path

SOURCE = Path(os.environ["CLIPSEEK_SOURCE"])
COLCON = ["bash", "cmake", "core", "metadata", "package_information", "recursive_crawl", "ros"]
NEEDED = ["/usr/bin/colcon", "/usr/share/ament_cmake/package.xml", "/usr/share/rosidl_cmake/package.xml",
          "/usr/share/rosidl_generator_c/cmake", "/usr/share/rosidl_generator_cpp/cmake",
          *(f"/usr/lib/python3/dist-packages/colcon_{name}" for name in COLCON)]
TIMEOUT = 600

MANIFEST = """<?xml version="1.0"?>
<package format="3">
  <name>{name}</name>
  <version>0.0.0</version>
  <description>For a test</description>
  <maintainer email="nobody@clipseek.example">nobody</maintainer>
  <license>none</license>
  {dependencies}
  <export><build_type>{build_type}</build_type></export>
</package>
"""
INTERFACES = """cmake_minimum_required(VERSION 3.8)
project({name} {languages})
find_package(ament_cmake REQUIRED)
find_package(rosidl_default_generators REQUIRED)
{find}
rosidl_generate_interfaces({name} {files} DEPENDENCIES {packages})
ament_package()
"""
CONFIG = """cmake_minimum_required(VERSION 3.8)
project({name} NONE)
install(FILES {name}Config.cmake DESTINATION share/{name}/cmake)
install(FILES package.xml DESTINATION share/{name})
"""
GENERATORS = ["rosidl_cmake", "rosidl_generator_c", "rosidl_generator_cpp"]


def what_is_missing():
    return [path for path in NEEDED if not Path(path).exists()]


def environment(**changes):
    """A minimal environment: Debian's own Python, and no other ROS 2 or workspace."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR", "CCACHE_DIR") if name in os.environ}
    return {"PATH": "/usr/bin:/bin", **kept, **changes}


def run(command, **options):
    """Runs a command and returns its output; an error contains the whole output."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT,
                          check=False, **{"env": environment(), **options})
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def definitions():
    """The fields of each message of tests/golden, by name."""
    text = (SOURCE / "tests" / "golden" / "ros2_definitions.txt").read_text()
    sections = [section.strip().split("\n") for section in text.split("=" * 80 + "\n")[1:]]
    return {lines[0].removeprefix("MSG: "): "\n".join(lines[1:]) + "\n" for lines in sections}


class Workspace:
    """Packages below folder/src, built into folder/install."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.sources = self.folder / "src"
        for name, packages in (("rosidl_default_generators", GENERATORS), ("rosidl_default_runtime", [])):
            self.add_config(name, packages)
        known = definitions()
        self.add_interfaces("builtin_interfaces", [], {
            f"msg/{name}.msg": known[f"builtin_interfaces/msg/{name}"] for name in ("Time", "Duration")})
        self.add_interfaces("unique_identifier_msgs", [], {"msg/UUID.msg": known["unique_identifier_msgs/msg/UUID"]})
        actions = {f"msg/{name}.msg": known[f"action_msgs/msg/{name}"]
                   for name in ("GoalInfo", "GoalStatus", "GoalStatusArray")}
        cancel = [known[f"action_msgs/srv/CancelGoal_{half}"] for half in ("Request", "Response")]
        actions["srv/CancelGoal.srv"] = "---\n".join(cancel)
        self.add_interfaces("action_msgs", ["builtin_interfaces", "unique_identifier_msgs"], actions)

    def add(self, name, files, dependencies, build_type):
        folder = self.sources / name
        lines = "\n  ".join(f"<{kind}>{package}</{kind}>" for kind, package in dependencies)
        files["package.xml"] = MANIFEST.format(name=name, dependencies=lines, build_type=build_type)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)

    def add_config(self, name, packages):
        found = "".join(f"find_package({package} REQUIRED)\n" for package in packages)
        files = {"CMakeLists.txt": CONFIG.format(name=name), f"{name}Config.cmake": found}
        self.add(name, files, [], "cmake")

    def add_interfaces(self, name, packages, files):
        find = "\n".join(f"find_package({package} REQUIRED)" for package in packages)
        lists = INTERFACES.format(name=name, languages="C CXX", find=find, files=" ".join(files),
                                  packages=" ".join(packages))
        dependencies = [("buildtool_depend", "rosidl_default_generators"),
                        *(("depend", package) for package in packages),
                        ("member_of_group", "rosidl_interface_packages")]
        self.add(name, {"CMakeLists.txt": lists, **files}, dependencies, "ament_cmake")

    def colcon(self, *arguments, **options):
        return run(["/usr/bin/colcon", "--log-base", str(self.folder / "log"), *arguments], cwd=self.folder, **options)

    def build(self, *packages):
        """Builds the packages of the workspace and the given package folders into one prefix."""
        return self.build_only(self.sources, *packages, into="install", options=["--merge-install"])

    def build_only(self, *packages, into, options=(), env=None):
        self.colcon("build", "--build-base", f"{into}-build", "--install-base", into, "--executor", "sequential",
                    *options, "--base-paths", *map(str, packages), "--cmake-args", "-GNinja", "-DBUILD_TESTING=OFF",
                    "-DCMAKE_BUILD_TYPE=Debug", "--no-warn-unused-cli", env=env or environment())
        return self.folder / into

    def sourced(self, prefix):
        """The environment of a shell that has sourced a prefix."""
        text = run(["/bin/bash", "-c", f'. "{prefix}/setup.bash" >/dev/null 2>&1; env -0'], env=environment())
        return dict(entry.split("=", 1) for entry in text.split("\0") if "=" in entry)
