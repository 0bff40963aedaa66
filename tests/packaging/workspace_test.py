"""The repository in a ROS 2 workspace built by colcon with Debian's ament and rosidl. C++ programs can use clip_msgs,
its types match those that our nodes announce, and the packages are found after the workspace is sourced."""

import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from ros_workspace import SOURCE, Workspace, environment, run, what_is_missing

HERE = Path(__file__).resolve().parent
INTERFACES = ["action/GetFeatures", "action/Search", "msg/ClipItem"]


class WorkspaceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="clipseek-rosidl-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.workspace = Workspace(cls.folder)
        cls.prefix = cls.workspace.build(SOURCE / "ros2" / "clip_msgs")

    def test_the_interfaces_are_installed_and_listed(self):
        suffixes = {"action": [".action", ".idl"], "msg": [".idl", ".msg"]}
        listed = (self.prefix / "share/ament_index/resource_index/rosidl_interfaces/clip_msgs").read_text().split()
        expected = [name + suffix for name in INTERFACES for suffix in suffixes[name.split("/")[0]]]
        self.assertCountEqual(listed, expected)
        for file in expected:
            self.assertTrue((self.prefix / "share" / "clip_msgs" / file).is_file(), file)

    def test_types_match_those_of_our_nodes(self):
        ours = run([os.environ["CLIPSEEK_TYPE_HASHES"]]).splitlines()
        theirs = run(["/usr/bin/python3", "-B", str(HERE / "rosidl_hashes.py"), str(self.prefix), "clip_msgs"])
        self.assertEqual(len(ours), 17)
        self.assertCountEqual(ours, theirs.splitlines())

    def test_a_package_that_uses_it_builds_on_top(self):
        self.workspace.add("uses_clip_msgs", {
            "CMakeLists.txt": "cmake_minimum_required(VERSION 3.8)\nproject(uses_clip_msgs CXX)\n"
                              "find_package(clip_msgs REQUIRED)\n"
                              f"add_executable(uses {json.dumps(str(HERE / 'clip_msgs_client.cpp'))})\n"
                              "target_compile_features(uses PRIVATE cxx_std_17)\n"
                              "target_include_directories(uses PRIVATE ${clip_msgs_INCLUDE_DIRS})\n"
                              "target_link_libraries(uses PRIVATE ${clip_msgs_TARGETS})\n"
                              "install(TARGETS uses DESTINATION lib/uses_clip_msgs)\n",
        }, [("depend", "clip_msgs")], "cmake")
        prefix = self.workspace.build(SOURCE / "ros2" / "clip_msgs")
        run([str(prefix / "lib" / "uses_clip_msgs" / "uses")])

    def test_colcon_takes_the_repository_as_one_package(self):
        listed = self.workspace.colcon("list", "--base-paths", str(SOURCE)).split()
        self.assertEqual(listed, ["clipseek", str(SOURCE), "(ros.cmake)"])
        listed = self.workspace.colcon("list", "--base-paths", str(SOURCE / "ros2")).split()
        self.assertEqual(listed, ["clip_msgs", str(SOURCE / "ros2" / "clip_msgs"), "(ros.ament_cmake)"])

    def test_the_repository_installs_its_packages(self):
        """Uses stand-ins for the programs, because these take long to build."""
        root = self.folder / "repository"
        shutil.copytree(SOURCE / "ros2", root / "ros2")
        for name in ("cmake/Ros2Packages.cmake", "package.xml", "colcon.pkg"):
            (root / name).parent.mkdir(exist_ok=True)
            shutil.copy(SOURCE / name, root / name)
        # Adds an environment hook like that of the Python generator, which Debian does not have.
        (root / "ros2/clip_msgs/python.sh").write_text('export PYTHONPATH="$AMENT_CURRENT_PREFIX/python"\n')
        lists = root / "ros2/clip_msgs/CMakeLists.txt"
        hook = 'ament_environment_hooks("${CMAKE_CURRENT_SOURCE_DIR}/python.sh")'
        lists.write_text(lists.read_text().replace("ament_package()", f"{hook}\nament_package()"))
        nodes = {"clip_encode_image": "clip_encode_image", "clip_encode_text": "clip_encode_text_node",
                 "clip_manage": "clip_manage"}
        (root / "main.c").write_text("int main(void) { return 0; }\n")
        (root / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(clipseek C)\n" +
            "".join(f"add_executable({name} main.c)\n" for name in [*nodes.values(), "clip_ask", "clip_publish_pictures"]) +
            "include(cmake/Ros2Packages.cmake)\n")
        prefix = self.workspace.build_only(root, into="overlay", env=self.workspace.sourced(self.prefix))
        sourced = self.workspace.sourced(prefix)
        self.assertEqual(sourced["AMENT_PREFIX_PATH"].split(":"), [str(prefix / "clipseek"), str(self.prefix)])
        self.assertIn(str(prefix / "clipseek" / "lib"), sourced["LD_LIBRARY_PATH"].split(":"))
        self.assertEqual(sourced["PYTHONPATH"], str(prefix / "clipseek" / "python"))
        self.assertEqual(run(["/bin/bash", "-c", f'. "{prefix}/setup.bash"'], env=environment()), "")  # no warning
        share = prefix / "clipseek" / "share"
        for package, executable in nodes.items():
            self.assertTrue((share / "ament_index/resource_index/packages" / package).is_file())
            run([str(prefix / "clipseek" / "lib" / package / executable)])
        self.assertTrue((share / "clip_msgs/cmake/clip_msgsConfig.cmake").is_file())
        self.assertTrue((share / "clip_msgs/action/Search.idl").is_file())
        # A prefix created by colcon keeps colcon's setup files.
        self.assertIn("colcon", (prefix / "local_setup.sh").read_text())


if __name__ == "__main__":
    missing = what_is_missing()
    if missing:
        print("skipped: not installed:", *missing)
        sys.exit(77)
    unittest.main(verbosity=2)
