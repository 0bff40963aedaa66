#!/usr/bin/env python3
"""Interrupted storage runs: the encoder is killed during a goal, or the manager is ended by SIGKILL, SIGINT or SIGTERM.
Stored pictures remain stored, and the same run or the next one stores the others."""

import shutil
import signal

from node_support import NodeTest, main
from support import SAMPLES, png

COUNT = 400  # several goals of 64
HELD = "z.webp"  # sorts last, so it is in the last goal


class BrokenRun(NodeTest):
    def setUp(self):
        super().setUp()
        for i in range(COUNT - 1):
            self.write(f"pictures/{i}.png", png(colour=(i % 256, i // 256, 100), width=64, height=64))
        shutil.copy(SAMPLES / "automobile.webp", self.folder / "pictures" / HELD)

    def stored(self):
        return self.rows("SELECT count(*) FROM ClipItems")[0][0]

    def start_storing(self):
        return self.start("clip_manage", storage_folder=self.folder / "pictures")

    def test_an_encoder_that_is_killed_loses_nothing(self):
        images = self.start_with_held_decoder("clip_encode_image", feed_type=1)
        manage = self.start_storing()
        self.wait_until(self.held.exists, "the goal with the held picture")
        images.process.kill()
        images.process.wait()
        self.start("clip_encode_image", feed_type=1)
        self.assertEqual(manage.wait(), 0, manage.log())  # after DDS's lease of 20 s
        self.assertEqual(self.stored(), COUNT, manage.log())
        # A lost goal has no result that the manager could log.
        self.assertLess(manage.log().count("Get Result"), manage.log().count("Sending goal"))

    def test_the_next_run_continues_an_interrupted_one(self):
        images = self.start_with_held_decoder("clip_encode_image", feed_type=1)
        for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 1), (signal.SIGTERM, 1)):
            manage = self.start_storing()
            # The goals of the second and the third manager wait for that of the first, which the held picture blocks.
            manage.wait_for("Sending goal")
            self.wait_until(self.held.exists, "the goal with the held picture")
            self.assertEqual(manage.stop(number), status, manage.log())
        self.release.touch()
        manage = self.start_storing()
        self.assertEqual(manage.wait(), 0, manage.log())
        self.assertEqual(self.stored(), COUNT, manage.log())
        self.assertEqual(images.stop(signal.SIGTERM), 0, images.log())


if __name__ == "__main__":
    main()
