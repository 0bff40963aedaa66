"""`clipseek launch`: how it starts and stops the nodes, and its output and exit status."""

import signal
import subprocess
import unittest

from launch_support import ENCODERS, NODES, TIMEOUT, LaunchCase, alive


class LaunchTest(LaunchCase):
    def test_ends_when_the_manager_has_finished(self):
        self.set_manager_behaviour(out="one\ntwo\n", err="[WARN] three\nno newline at the end", exit=0)
        status, output = self.launch("clip_mode:=0")
        self.assertEqual(status, 0, output)
        pids = {name: self.recorded(f"{name}.started")["pid"] for name in NODES}
        lines = output.splitlines()
        for number, name in enumerate(NODES, 1):
            self.assertIn(f"[INFO] [{name}-{number}]: process started with pid [{pids[name]}]", lines)
            self.assertIn(f"[INFO] [{name}-{number}]: process has finished cleanly [pid {pids[name]}]", lines)
        written = [line for line in lines if line.startswith("[clip_manage-3] ")]
        self.assertCountEqual(written, ["[clip_manage-3] one", "[clip_manage-3] two", "[clip_manage-3] [WARN] three",
                                        "[clip_manage-3] no newline at the end"])
        finished = lines.index(f"[INFO] [clip_manage-3]: process has finished cleanly [pid {pids['clip_manage']}]")
        self.assertLess(max(map(lines.index, written)), finished)
        for number, name in enumerate(ENCODERS, 1):
            self.assertEqual(self.recorded(f"{name}.signal"), signal.SIGINT)
            self.assertIn(f"[INFO] [{name}-{number}]: sending signal 'SIGINT' to process[{name}-{number}]", lines)

    def test_large_output_is_complete(self):
        line = "x" * 99
        self.set_manager_behaviour(out=f"{line}\n" * 20000, exit=0)
        status, output = self.launch("clip_mode:=0")
        self.assertEqual(status, 0)
        self.assertEqual(output.count(f"[clip_manage-3] {line}\n"), 20000)

    def test_a_manager_that_fails_makes_the_launch_fail(self):
        self.set_manager_behaviour(exit=3)
        status, output = self.launch("clip_mode:=1")
        self.assertEqual(status, 1)
        program = self.folder.resolve() / "prefix" / "lib" / "clip_manage" / "clip_manage"
        pid = self.recorded("clip_manage.started")["pid"]
        self.assertIn(f"[ERROR] [clip_manage-3]: process has died [pid {pid}, exit code 3, cmd '{program} --ros-args",
                      output)

    def test_a_manager_that_crashes_makes_the_launch_fail(self):
        self.set_manager_behaviour(dies_by=signal.SIGSEGV)
        status, output = self.launch("clip_mode:=0")
        self.assertEqual(status, 1)
        self.assertIn(f"exit code -{signal.SIGSEGV:d},", output)

    def test_a_crashed_encoder_does_not_end_the_others(self):
        self.set_behaviour("clip_encode_image", exit=7)
        self.set_behaviour("clip_manage", waits_for=["go"], exit=0)
        process = self.start("clip_mode:=0")
        self.wait_until("the end of the encoder", lambda: "exit code 7" in self.output())
        self.all_started()
        self.assertTrue(alive(self.recorded("clip_encode_text_node.started")["pid"]))
        (self.folder / "nodes" / "go").touch()
        self.assertEqual(process.wait(TIMEOUT), 0)

    def test_serving_continues_without_the_manager_and_ends_with_ctrl_c(self):
        self.set_manager_behaviour(exit=0)
        process = self.start("clip_mode:=2")
        self.wait_until("the end of the manager", lambda: "[clip_manage-3]: process has finished" in self.output())
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(TIMEOUT), 0)
        self.expect_no_process_left()
        self.assertIn("[WARNING] [launch]: user interrupted with ctrl-c (SIGINT)\n", self.output())

    def test_a_second_ctrl_c_is_ignored(self):
        self.set_behaviour("clip_manage", exits_after="go")
        process = self.start("clip_mode:=0")
        self.all_started()
        process.send_signal(signal.SIGINT)
        self.wait_for_records("clip_manage.signal")
        process.send_signal(signal.SIGINT)
        self.wait_until("the second", lambda: "(SIGINT) again, ignoring..." in self.output())
        (self.folder / "nodes" / "go").touch()
        self.assertEqual(process.wait(TIMEOUT), 0)
        self.assertEqual(self.output().count("sending signal 'SIGINT' to process[clip_manage-3]"), 1)

    def test_sigterm_stops_everything(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            for file in (self.folder / "nodes").glob("*.s*"):
                file.unlink()
            process = self.start("clip_mode:=2")
            self.all_started()
            process.send_signal(number)
            self.assertEqual(process.wait(TIMEOUT), 1)
            self.expect_no_process_left()
            self.assertIn(f"[ERROR] [launch]: stopped by {number.name}\n", self.output())

    def test_a_node_that_ignores_sigint_gets_sigterm(self):
        self.set_behaviour("clip_encode_image", ignores=[signal.SIGINT])
        self.set_manager_behaviour(exit=0)
        status, output = self.launch("clip_mode:=0", "sigterm_timeout:=0.1", f"sigkill_timeout:={TIMEOUT}")
        self.assertEqual(status, 0)
        self.assertIn("[ERROR] [clip_encode_image-1]: process[clip_encode_image-1] failed to terminate '0.100' seconds "
                      "after receiving 'SIGINT', escalating to 'SIGTERM'\n", output)
        self.assertEqual(self.recorded("clip_encode_image.signal"), signal.SIGTERM)

    def test_a_node_that_also_ignores_sigterm_is_killed(self):
        self.set_behaviour("clip_encode_image", ignores=[signal.SIGINT, signal.SIGTERM])
        self.set_manager_behaviour(exit=0)
        status, output = self.launch("clip_mode:=0", "sigterm_timeout:=0", "sigkill_timeout:=0.1")
        self.assertEqual(status, 0)
        self.assertIn("process[clip_encode_image-1] failed to terminate '0.100' seconds after receiving 'SIGTERM', "
                      "escalating to 'SIGKILL'\n", output)
        pid = self.recorded("clip_encode_image.started")["pid"]
        self.assertIn(f"[ERROR] [clip_encode_image-1]: process has died [pid {pid}, exit code -9, cmd", output)

    def test_nodes_end_when_the_launcher_is_killed(self):
        process = self.start("clip_mode:=2")
        self.all_started()
        process.kill()
        process.wait(TIMEOUT)
        self.wait_for_records(*(f"{name}.signal" for name in NODES))
        for name in NODES:
            pid = self.recorded(f"{name}.started")["pid"]
            self.wait_until(f"the end of {name}", lambda pid=pid: not alive(pid))

    def test_nodes_start_with_default_signals_and_without_input(self):
        def unclean():
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.SIG_IGN)

        self.set_manager_behaviour(exit=0)
        status, output = self.launch("clip_mode:=0", preexec_fn=unclean, stdin=subprocess.DEVNULL)
        self.assertEqual(status, 0, output)
        for name in NODES:
            started = self.recorded(f"{name}.started")
            self.assertEqual(started["blocked"], [])
            self.assertEqual(started["ignored"], [])
            self.assertEqual(started["stdin"], "")
            self.assertEqual(started["group"], started["pid"])

    def test_a_signal_that_was_ignored_stays_ignored(self):
        self.set_behaviour("clip_manage", waits_for=["go"], exit=0)
        process = self.start("clip_mode:=0", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.all_started()
        process.send_signal(signal.SIGHUP)
        (self.folder / "nodes" / "go").touch()
        self.assertEqual(process.wait(TIMEOUT), 0)

    def test_a_missing_node_is_reported_and_no_node_is_started(self):
        program = self.folder.resolve() / "prefix" / "lib" / "clip_manage" / "clip_manage"
        program.unlink()
        status, output = self.launch("clip_mode:=0")
        self.assertEqual(status, 1)
        self.assertIn(str(program), output)
        self.assertNotIn("process started", output)

    def test_a_node_that_cannot_run_ends_the_launch(self):
        self.write_program("prefix/lib/clip_manage/clip_manage", "#!/no/such/interpreter\n")
        status, output = self.launch("clip_mode:=0")
        self.assertEqual(status, 1)
        self.assertIn("clip_manage", output.splitlines()[-1])
        self.assertIn("No such file", output.splitlines()[-1])

    def test_nodes_beside_the_program_are_preferred(self):
        for name in NODES:
            self.write_program(f"prefix/bin/{name}", "#!/bin/sh\necho built\n")
        status, output = self.launch("clip_mode:=0")
        self.assertEqual(status, 0)
        self.assertIn("[clip_manage-3] built\n", output)

    def test_wrong_arguments(self):
        for arguments in (["clip_colour:=red"], ["clip_mode"], ["clip_mode:=5"], ["--colour"], ["clip_topk:=few"]):
            status, output = self.launch(*arguments)
            self.assertEqual(status, 2, arguments)
            self.assertIn("clipseek launch --help", output)
        self.assertFalse((self.folder / "nodes" / "clip_manage.started").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
