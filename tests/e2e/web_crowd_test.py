"""More clients than `clipseek serve` has connections, whose requests need long: searches are still answered."""

import shutil
import unittest

from support import SAMPLES
from web_support import HOST, WebTest, form, wait_for


class Crowd(WebTest):
    def setUp(self):
        super().setUp()
        (self.folder / "samples").mkdir()
        for name in ("rocket.jpg", "cat.png"):
            shutil.copy2(SAMPLES / name, self.folder / "samples" / name)
        self.index("samples")

    def assert_finds_the_rocket(self, server):
        self.assertEqual(server.json("/api/search?q=a+rocket&limit=1")["hits"][0]["name"], "rocket.jpg")

    def test_slow_pictures_leave_connections_for_searches(self):
        """More uploads than the connection limit, whose decoding does not end: those that exceed the queue are refused."""
        server = self.serve_with_held_decoder()
        body, content_type = form(("image", "bus.webp", (SAMPLES / "bus.webp").read_bytes()))
        upload = (b"POST /api/search HTTP/1.1\r\n" + HOST +
                  f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        crowd = []

        def send():
            crowd.append(server.connect())
            crowd[-1].sendall(upload)
            return server.metric("clipseek_http_queued") == 48
        try:
            wait_for(send, "a full queue")
            for _ in range(256):
                crowd.append(server.connect())
                crowd[-1].sendall(upload)
            self.assertTrue(crowd[-1].recv(65536).startswith(b"HTTP/1.1 503 "))
            self.assert_finds_the_rocket(server)
            self.release.touch()
            self.assertTrue(crowd[0].recv(65536).startswith(b"HTTP/1.1 200 "))
        finally:
            self.release.touch()
            for client in crowd:
                client.close()
        self.assert_finds_the_rocket(server)


if __name__ == "__main__":
    unittest.main()
