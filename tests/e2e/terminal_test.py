"""The commands' output on a terminal, tested with a pseudo-terminal."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

from support import PROGRAM, CommandTest, clean_environment, main, png


class TerminalTest(CommandTest):
    def on_terminal(self, *arguments, columns=80, **environment):
        """Runs the command on a terminal of `columns` columns and returns everything that it writes there."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        env = clean_environment(TERM="xterm-256color", LC_ALL="C.UTF-8", **environment)
        process = subprocess.Popen([PROGRAM, *map(os.fspath, arguments)], cwd=self.folder, env=env, stdin=follower,
                                   stdout=follower, stderr=follower)
        os.close(follower)
        output = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the last process on the terminal has ended
                break
            if not part:
                break
            output += part
        os.close(leader)
        self.assertEqual(process.wait(), 0, output)
        return output.decode().replace("\r\n", "\n")

    def setUp(self):
        super().setUp()
        for i in range(12):
            self.write(f"pictures/some folder/{'long ' * 20}{i}.png", png((i * 20, 255 - i * 20, 100)))

    def test_index_rewrites_one_progress_line(self):
        output = self.on_terminal("index", "pictures")
        self.assertIn("\r\x1b[K", output)
        self.assertIn("added 12,", output.splitlines()[-2])
        self.assertEqual(output.count("\n"), 2, output)

    def test_results_are_a_table_that_fits(self):
        self.index("pictures")
        for columns in [30, 60, 80, 200]:
            output = self.on_terminal("search", "a red circle", columns=columns)
            self.assertEqual(len(output.splitlines()), 10)
            for line in output.splitlines():
                self.assertLessEqual(len(re.sub("\x1b\\[[0-9;]*m", "", line)), columns, line)
        self.assertIn("\u2588", output)
        self.assertIn("\x1b[36m", output)

    def test_no_color(self):
        self.index("pictures")
        self.assertNotIn("\x1b", self.on_terminal("search", "a red circle", NO_COLOR="1"))


if __name__ == "__main__":
    main()
