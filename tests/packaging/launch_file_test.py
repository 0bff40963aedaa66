"""Compares the launch file for ROS 2 with `clipseek launch`: both have the same arguments and defaults, start the same
nodes with the same parameters, and end them at the same time.

ROS 2's launch packages are not in Debian, so small stand-ins for the classes that the file uses record its calls."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import types
import unittest
from pathlib import Path

from launch_support import NODES, LaunchCase

SOURCE = Path(os.environ["CLIPSEEK_SOURCE"])
PROGRAM = os.environ["CLIPSEEK_PROGRAM"]
LAUNCH_FILE = SOURCE / "ros2" / "clip_manage" / "launch" / "hobot_clip_manage.launch.py"


class Recorded:
    """A stand-in for any class of launch, which records its constructor's arguments."""

    def __init__(self, *positional, **named):
        self.positional, self.named = positional, named


def stand_in(names, **more):
    return {**{name: type(name, (Recorded,), {}) for name in names}, **more}


class Configuration(Recorded):
    def perform(self, context):
        return context.launch_configurations[self.positional[0]]


MODULES = {
    "launch": stand_in(["LaunchDescription"]),
    "launch.actions": stand_in(["DeclareLaunchArgument", "OpaqueFunction", "RegisterEventHandler", "Shutdown"]),
    "launch.event_handlers": stand_in(["OnProcessExit"]),
    "launch.substitutions": {"LaunchConfiguration": Configuration},
    "launch_ros": {},
    "launch_ros.actions": stand_in(["Node"]),
    "launch_ros.parameter_descriptions": stand_in(["ParameterValue"]),
}


def load_launch_file():
    for name, content in MODULES.items():
        module = types.ModuleType(name)
        module.__dict__.update(content)
        sys.modules[name] = module
    spec = importlib.util.spec_from_file_location("launch_file", LAUNCH_FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Context:
    def __init__(self, values):
        self.launch_configurations = values
        self.is_shutdown = False


class Launched:
    """The actions that the launch file returns for the given arguments."""

    def __init__(self, file, **given):
        description = file.generate_launch_description().positional[0]
        *declared, function = description
        self.defaults = {action.positional[0]: action.named["default_value"] for action in declared}
        self.choices = {action.positional[0]: action.named.get("choices") for action in declared}
        self.context = Context({**self.defaults, **given})
        actions = function.named["function"](self.context)
        self.nodes = [action for action in actions if type(action).__name__ == "Node"]
        self.handlers = [action for action in actions if type(action).__name__ == "RegisterEventHandler"]
        self.ending = self.handlers[0].positional[0].named if self.handlers else None

    def parameters(self):
        """Parameters by executable, as Python values."""
        def plain(value):
            if isinstance(value, Recorded):
                assert value.named == {"value_type": str}
                return str(value.positional[0])
            assert isinstance(value, (bool, int)), value
            return value

        return {node.named["executable"]: {name: plain(value) for name, value in node.named["parameters"][0].items()}
                for node in self.nodes}


class LaunchFileTest(LaunchCase):
    def setUp(self):
        super().setUp()
        self.file = load_launch_file()

    def started_by_clipseek(self, *arguments):
        """Runs `clipseek launch`; returns each executable's parameters and the arguments before them."""
        for name in NODES:
            (self.folder / "nodes" / f"{name}.started").unlink(missing_ok=True)
        self.set_manager_behaviour(exit=0)
        process = self.start(*arguments)
        self.all_started()
        self.end(process)
        parameters, options = {}, {}
        for name in NODES:
            words = self.recorded(f"{name}.started")["arguments"]
            first = words.index("-p")
            self.assertEqual(set(words[first::2]), {"-p"})
            values = (word.split(":=", 1) for word in words[first + 1::2])
            parameters[name] = {key: json.loads(value) for key, value in values}
            options[name] = words[:first]
        return parameters, options

    def test_same_nodes_and_parameters(self):
        for given in ({}, {"clip_mode": "1", "clip_text": "123", "clip_topk": "3", "clip_model": "a model"},
                      {"clip_mode": "2", "clip_db_file": 'a "b": {c} \\ \u00e9', "clip_text": "yes"},
                      {"clip_storage_folder": "/tmp/x y", "clip_result_folder": "~"},
                      {"clip_mode": "2", "is_shared_mem_sub": "0", "clip_image_topic": "/camera/image_raw"},
                      {"clip_namespace": "/robot1", "clip_precision": "f32", "clip_data_sharing": "automatic"}):
            launched = Launched(self.file, **given)
            parameters, options = self.started_by_clipseek(*(f"{k}:={v}" for k, v in given.items()))
            self.assertEqual(parameters, launched.parameters())
            for node in launched.nodes:
                namespace = node.named["namespace"]
                self.assertEqual(options[node.named["executable"]],
                                 [*node.named["arguments"], *(["-r", f"__ns:={namespace}"] if namespace else [])])
                self.assertEqual(node.named["output"], "screen")

    def test_same_arguments_and_defaults(self):
        text = subprocess.run([PROGRAM, "launch", "--help"], capture_output=True, text=True, check=True).stdout
        printed = {name: re.search(r"(?: \[(.*)\])?$", line).group(1) or ""
                   for name, line in re.findall(r"^  ((?:clip|is)_\w+) +(.*)$", text, re.MULTILINE)}
        launched = Launched(self.file)
        self.assertEqual(printed, launched.defaults)
        self.assertEqual(launched.choices["clip_mode"], ["0", "1", "2"])
        self.assertEqual(launched.choices["is_shared_mem_sub"], ["auto", "0", "1"])
        for name in ("clip_precision", "clip_data_sharing"):
            refused = subprocess.run([PROGRAM, "launch", f"{name}:=x"], capture_output=True, text=True, check=False)
            self.assertEqual(refused.returncode, 2)
            self.assertIn(f"must be one of {', '.join(launched.choices[name])} ", refused.stderr)

    def test_packages_and_executables_exist(self):
        for node in Launched(self.file).nodes:
            package, executable = node.named["package"], node.named["executable"]
            self.assertTrue((SOURCE / "ros2" / package / "package.xml").is_file())
            self.assertTrue((self.folder / "prefix" / "lib" / package / executable).is_file())

    def test_the_end_of_the_manager_ends_storing_and_querying(self):
        for mode in ("0", "1"):
            launched = Launched(self.file, clip_mode=mode)
            self.assertEqual(launched.ending["target_action"].named["executable"], "clip_manage")
            end = launched.ending["on_exit"]
            actions = end(types.SimpleNamespace(returncode=0), launched.context)
            self.assertEqual([type(action).__name__ for action in actions], ["Shutdown"])
            with self.assertRaisesRegex(RuntimeError, "exit code 1"):
                end(types.SimpleNamespace(returncode=1), launched.context)
            launched.context.is_shutdown = True  # as after Ctrl-C
            self.assertIsNone(end(types.SimpleNamespace(returncode=1), launched.context))

    def test_serving_does_not_end_with_the_manager(self):
        self.assertEqual(Launched(self.file, clip_mode="2").handlers, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
