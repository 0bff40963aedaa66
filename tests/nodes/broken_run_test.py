#!/usr/bin/env python3
"""Interrupted storage runs: the encoder is killed during a goal, or the manager is ended by SIGKILL, SIGINT or SIGTERM.
Stored pictures remain stored, and the same run or the next one stores the others."""

import signal
import time

from node_support import NodeTest, main
from support import png

COUNT = 1500


class BrokenRun(NodeTest):
    def setUp(self):
        super().setUp()
        for i in range(COUNT):
            self.write(f"pictures/{i}.png", png(colour=(i % 256, i // 256, 100), width=64, height=64))

    def stored(self):
        return self.rows("SELECT count(*) FROM ClipItems")[0][0]

    def start_storing(self):
        return self.start("clip_manage", storage_folder=self.folder / "pictures")

    def test_an_encoder_that_is_killed_loses_nothing(self):
        images = self.start("clip_encode_image", feed_type=1)
        manage = self.start_storing()
        images.wait_for("Goal complete")
        images.process.kill()
        images.process.wait()
        self.start("clip_encode_image", feed_type=1)
        self.assertEqual(manage.wait(), 0, manage.log())  # after DDS's lease of 20 s
        self.assertEqual(self.stored(), COUNT)
        # A lost goal has no result that the manager could log.
        self.assertLess(manage.log().count("Get Result"), manage.log().count("Sending goal"))

    def test_the_next_run_continues_an_interrupted_one(self):
        images = self.start("clip_encode_image", feed_type=1)
        for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
            manage = self.start_storing()
            # Reads the manager's log and not the encoder's, which may still show goals of the previous manager.
            while "Get Result" not in manage.log() and manage.process.poll() is None:
                time.sleep(0.01)
            status = manage.stop(number)
            self.assertIn(status, (0, 1, -signal.SIGKILL), manage.log())
        manage = self.start_storing()
        self.assertEqual(manage.wait(), 0, manage.log())
        self.assertEqual(self.stored(), COUNT)
        self.assertEqual(images.stop(signal.SIGTERM), 0, images.log())


if __name__ == "__main__":
    main()
