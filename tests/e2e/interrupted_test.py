"""Index runs that are stopped by a signal: nothing stored is lost, and the next run continues."""

import random
import signal
import subprocess
import time

from support import PROGRAM, TIMEOUT, CommandTest, clean_environment, main, png


class InterruptedTest(CommandTest):
    def start(self, **options):
        return subprocess.Popen([PROGRAM, "index", "--json", "pictures"], cwd=self.folder, env=clean_environment(),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def add_pictures(self, first, count, width=64, height=48):
        for i in range(first, first + count):
            self.write(f"pictures/{i:05}.png", png((i % 251, i % 241, i % 239), width, height, note=str(i)))

    def stored(self):
        """Returns path and size of every stored vector."""
        if not (self.folder / "clip.db").exists():
            return set()
        try:
            return set(self.rows("SELECT url, length(feature) FROM ClipItems"))
        except Exception as error:  # the run was killed between creating the file and its tables
            if "no such table" in str(error):
                return set()
            raise

    def test_sigkill_at_fifty_random_moments(self):
        generator = random.Random(50)
        self.add_pictures(0, 100, 400, 300)
        began = time.monotonic()
        self.index("pictures")
        whole_run = time.monotonic() - began
        added, kept = 100, self.stored()
        for _ in range(50):
            self.add_pictures(added, 60, 400, 300)
            added += 60
            process = self.start()
            if generator.random() < 0.5:  # while pictures are being stored
                self.wait_until_more_is_stored(process, kept)
            time.sleep(generator.uniform(0, whole_run / 2))
            process.kill()
            process.communicate(timeout=TIMEOUT)
            now = self.stored()
            self.assertLessEqual(kept, now, "a stored picture was lost")
            kept = now
        self.assertEqual(len({size for _, size in kept}), 1)
        counts = self.index("pictures")
        self.assertEqual((counts["total"], counts["failed"]), (added, 0))
        self.assertGreaterEqual(counts["unchanged"], len(kept))
        self.assertEqual(self.index("pictures")["unchanged"], added)

    def wait_until_more_is_stored(self, process, before):
        """Waits for the run's first commit, or its end. Returns the vectors stored by then."""
        while not (now := self.stored()) - before and process.poll() is None:
            time.sleep(0.01)
        return now

    def stop_while_indexing(self, number):
        """Sends the signal once the first pictures are stored. Returns the exit status, the vectors stored by then, and
        the output."""
        process = self.start()
        before = self.wait_until_more_is_stored(process, set())
        process.send_signal(number)
        out, err = process.communicate(timeout=TIMEOUT)
        return process.returncode, before, out.decode(), err.decode()

    def test_sigint_and_sigterm_stop_gracefully(self):
        for number, status in [(signal.SIGINT, 130), (signal.SIGTERM, 143)]:
            with self.subTest(signal=number):
                self.stops_gracefully(number, status)

    def stops_gracefully(self, number, status):
        (self.folder / "clip.db").unlink(missing_ok=True)
        count = 100
        while True:  # a fast machine may finish before the signal arrives; then the run gets more pictures
            self.add_pictures(0, count, 1500, 1000)
            code, before, out, err = self.stop_while_indexing(number)
            if code not in (0, -number):  # -number: the signal arrived before the command handled signals
                break
            (self.folder / "clip.db").unlink(missing_ok=True)
            count += 100
        self.assertEqual(code, status, err)
        self.assertIn("stopped", err)
        self.assertEqual(len(out.splitlines()), 1)
        stored = self.stored()
        self.assertLessEqual(before, stored)
        counts = self.index("pictures")
        # The pictures of the previous subtest are still in the folder.
        self.assertEqual(counts["total"], len(list((self.folder / "pictures").iterdir())))
        self.assertGreaterEqual(counts["unchanged"], len(stored))


if __name__ == "__main__":
    main()
