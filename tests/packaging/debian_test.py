"""Tests the Debian packages that CPack makes of this build: what each contains and depends on, and that dpkg installs,
upgrades and removes them without a file left, in a folder as its root. tools/check_packages.sh uses them on a machine."""

import os
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from install_support import BUILD, build_setting, clean_environment, run_well
from support import main

HAS_ROS2 = bool(os.environ["CLIPSEEK_TYPE_HASHES"])
EXPECTED = {
    "clipseek": ["usr/bin/clipseek", "usr/share/clipseek/models/tiny/model.safetensors"],
    "libclipseek": [r"usr/lib/.*libclipseek\.so\.\d+\.\d+\.\d+"],
    "libclipseek-dev": ["usr/include/clipseek/model.h", r"usr/lib/.*clipseek\.pc", r"usr/lib/.*libclipseek\.so"],
}
if HAS_ROS2:
    EXPECTED["clipseek-ros2"] = [
        "usr/lib/clip_encode_image/clip_encode_image", "usr/lib/clip_encode_text/clip_encode_text_node",
        "usr/lib/clip_manage/clip_manage", "usr/lib/clip_manage/clip_ask",
        "usr/share/clip_manage/launch/hobot_clip_manage.launch.py",
        "usr/share/clip_msgs/.*"]


def packages(revision, folder):
    """Makes the packages, and returns their files by name; the name of the library's ends with its version."""
    configured = build_setting("CLIPSEEK_DEB_RELEASE")
    text = (BUILD / "CPackConfig.cmake").read_text()
    config = folder / "CPackConfig.cmake"
    config.write_text(text.replace(f"-{configured})", f"-{revision})")
                      .replace(f'RELEASE "{configured}"', f'RELEASE "{revision}"'))
    run_well(["cpack", "--config", config, "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none", "-B", folder], cwd=folder)
    return {re.sub(r"^libclipseek[\d.]+$", "libclipseek", file.name.split("_")[0]): file
            for file in sorted(folder.rglob("*.deb"))}


def field(package, name):
    return run_well(["dpkg-deb", "--field", package, name]).strip()


def files_of(package):
    """The files of a package, without its documents."""
    paths = [line.split()[5].removeprefix("./") for line in run_well(["dpkg-deb", "--contents", package]).splitlines()]
    return [path for path in paths if not path.endswith("/") and not path.startswith("usr/share/doc/")]


class DebianTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="clipseek-debian-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        (cls.folder / "first").mkdir()
        cls.first = packages(1, cls.folder / "first")

    def test_each_has_its_own_files(self):
        self.assertCountEqual(self.first, EXPECTED)
        owner = {}
        for name, package in self.first.items():
            files = files_of(package)
            for pattern in EXPECTED[name]:
                self.assertTrue(any(re.fullmatch(pattern, file) for file in files), f"{name} lacks {pattern}: {files}")
            for file in files:
                self.assertNotIn(file, owner)
                owner[file] = name
        # ROS 2's setup files belong to its own prefix, and what belongs to the tests to none.
        for file in owner:
            self.assertNotRegex(file, r"(^|/)(local_)?setup\.|test")

    def test_only_the_nodes_depend_on_fast_dds(self):
        for name, package in self.first.items():
            depends = field(package, "Depends")
            self.assertEqual("fastrtps" in depends or "fastdds" in depends, name == "clipseek-ros2", f"{name}: {depends}")
        self.assertIn("dnnl", field(self.first["clipseek"], "Depends"))
        library = field(self.first["libclipseek"], "Package")
        version = field(self.first["clipseek"], "Version")
        self.assertEqual(field(self.first["libclipseek-dev"], "Depends"), f"{library} (= {version})")
        if HAS_ROS2:
            self.assertIn(f"clipseek (= {version})", field(self.first["clipseek-ros2"], "Depends"))

    def test_each_has_its_licence_and_change_log(self):
        for package in self.first.values():
            contents = run_well(["dpkg-deb", "--contents", package])
            documents = f"./usr/share/doc/{field(package, 'Package')}/"
            for document in ("copyright", "changelog.Debian.gz"):
                self.assertIn(documents + document, contents)

    def test_install_upgrade_remove(self):
        (self.folder / "second").mkdir()
        second = packages(2, self.folder / "second")
        root = self.folder / "root"
        for folder in ("updates", "info", "parts", "triggers"):
            (root / "var/lib/dpkg" / folder).mkdir(parents=True)
        for file in ("status", "available"):
            (root / "var/lib/dpkg" / file).touch()
        # The packages that these depend on are not below this root, and a user other than root cannot change owners.
        dpkg = ["dpkg", f"--root={root}", "--force-depends", "--force-not-root", "--force-script-chrootless",
                f"--log={self.folder / 'dpkg.log'}"]
        environment = clean_environment(PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")
        for revision, made in ((1, self.first), (2, second)):
            run_well([*dpkg, "--install", *made.values()], env=environment)
            for package in made.values():
                self.assertRegex(field(package, "Version"), rf"-{revision}$")
                self.assertNotRegex(field(package, "Depends"), rf"\(= [\d.]+-{3 - revision}\)")
                for file in files_of(package):
                    self.assertTrue((root / file).exists() or (root / file).is_symlink(), file)
        self.assertIn("clipseek", run_well([root / "usr/bin/clipseek", "--version"]))
        names = [field(package, "Package") for package in second.values()]
        run_well([*dpkg, "--purge", *names], env=environment)
        left = [path for path in root.rglob("*") if "var/lib/dpkg" not in str(path) and not path.is_dir()]
        self.assertEqual(left, [])


if __name__ == "__main__":
    missing = [program for program in ("dpkg", "dpkg-shlibdeps", "file") if not shutil.which(program)]
    if missing:
        print("skipped: not installed:", *missing)
        sys.exit(77)
    if os.environ.get("AMENT_PREFIX_PATH"):
        print("skipped: the packages must not depend on the ROS 2 that is sourced")
        sys.exit(77)
    if build_setting("CLIPSEEK_SANITIZE"):
        print("skipped: packages are made of builds without sanitizers")
        sys.exit(77)
    main()
