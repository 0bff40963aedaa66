"""The result of `cmake --install`: the program finds its model, the packages are where ROS 2's tools look for them, and
sourcing the prefix sets up a shell."""

import os
import re
import shutil
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

from install_support import clean_environment, install, run
from ros_domain import take_domain
from support import SAMPLES, SOURCE, main

NODES = {"clip_encode_image": "clip_encode_image", "clip_encode_text": "clip_encode_text_node",
         "clip_manage": "clip_manage"}
INDEX = Path("share/ament_index/resource_index")


def manifest(file):
    package = xml.etree.ElementTree.parse(file).getroot()
    return {"name": package.findtext("name"), "version": package.findtext("version"),
            "depends": [element.text for element in package if element.tag.endswith("depend")]}


class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="clipseek-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.prefix = cls.folder / "a prefix"
        install(cls.prefix)
        # The prefix must work after a move: no file may refer to its original place or to the source tree.
        cls.moved = cls.folder / "elsewhere"
        shutil.copytree(cls.prefix, cls.moved, symlinks=True)

    def test_the_program_works_with_the_installed_model(self):
        for prefix in (self.prefix, self.moved):
            done = run([prefix / "bin" / "clipseek", "info"], cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn(str(prefix / "share" / "clipseek" / "models" / "tiny"), done.stdout)
            done = run([prefix / "bin" / "clipseek", "encode", "--json", "--text", "a dog"], cwd=self.folder)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_link_to_the_program_finds_the_model_too(self):
        link = self.folder / "link"
        link.symlink_to(self.moved / "bin" / "clipseek")
        self.assertIn(str(self.moved), run([link, "info"], cwd=self.folder).stdout)

    def test_nodes_are_where_ros2_run_looks_and_start(self):
        for package, executable in NODES.items():
            program = self.moved / "lib" / package / executable
            self.assertTrue(os.access(program, os.X_OK), program)
            done = run([program, "--ros-args", "-p", "no parameter"], cwd=self.folder)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertIn("no parameter", done.stdout)

    def test_a_node_finds_the_installed_model(self):
        domain, lock = take_domain()
        self.addCleanup(lock.close)
        environment = clean_environment(ROS_LOG_DIR=str(self.folder / "log"), **domain)
        done = run([self.moved / "lib/clip_encode_image/clip_encode_image", "--ros-args", "-p", "feed_type:=0", "-p",
                    f"image:={SAMPLES / 'cat.png'}"], cwd=self.folder, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_packages_are_in_the_index_with_their_manifests(self):
        for package in [*NODES, "clip_msgs"]:
            self.assertTrue((self.prefix / INDEX / "packages" / package).is_file(), package)
            self.assertEqual(manifest(self.prefix / "share" / package / "package.xml")["name"], package)
        for file in (self.prefix / INDEX / "rosidl_interfaces" / "clip_msgs").read_text().split():
            self.assertTrue((self.prefix / "share" / "clip_msgs" / file).is_file(), file)
        self.assertTrue((self.prefix / "share/clip_manage/launch/hobot_clip_manage.launch.py").is_file())
        self.assertTrue((self.prefix / "lib/clip_manage/config/index.html").is_file())

    def test_all_manifests_have_the_same_version(self):
        lists = (SOURCE / "CMakeLists.txt").read_text()
        version = re.search(r"project\(clipseek VERSION ([\d.]+)", lists).group(1)
        for file in [SOURCE / "package.xml", *(SOURCE / "ros2").glob("*/package.xml")]:
            self.assertEqual(manifest(file)["version"], version, file)

    def test_sourcing_sets_the_search_paths(self):
        show = 'echo "$AMENT_PREFIX_PATH|$CMAKE_PREFIX_PATH|${PATH%%:*}"'
        environment = clean_environment(AMENT_PREFIX_PATH="/opt/ros/other", CMAKE_PREFIX_PATH=None)
        tried = 0
        for shell in ("bash", "zsh", "sh"):
            if not shutil.which(shell):
                continue
            # A plain sh cannot find the path of a sourced file, so there it uses the original prefix.
            prefix = self.prefix if shell == "sh" else self.moved
            for file in (f"local_setup.{shell}", f"setup.{shell}"):
                twice = f'set -eu; . "{prefix}/{file}"; . "{prefix}/{file}"; {show}'
                done = run([shell, "-c", twice], env=environment, cwd="/")
                self.assertEqual(done.stdout, f"{prefix}:/opt/ros/other|{prefix}|{prefix}/bin\n")
                tried += 1
        self.assertGreaterEqual(tried, 4)

    def test_other_setup_files_are_not_replaced(self):
        prefix = self.folder / "of ROS"
        prefix.mkdir()
        (prefix / "local_setup.sh").write_text("# another setup file\n")
        install(prefix)
        self.assertEqual((prefix / "local_setup.sh").read_text(), "# another setup file\n")
        self.assertFalse((prefix / "setup.bash").exists())
        install(self.prefix)  # clipseek's own files are replaced
        self.assertTrue((self.prefix / "setup.bash").exists())

    def test_a_staged_install_names_the_final_prefix(self):
        stage = self.folder / "stage"
        install("/opt/clipseek", DESTDIR=str(stage))
        self.assertIn("'/opt/clipseek'", (stage / "opt/clipseek/local_setup.sh").read_text())
        self.assertTrue((stage / "opt/clipseek/bin/clipseek").is_file())


if __name__ == "__main__":
    main()
