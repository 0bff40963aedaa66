#!/usr/bin/python3
"""Writes tests/data/hobot_clip.db: a database as hobot_clip creates it, made without any code of clipseek.

    tools/make_hobot_clip_db.py tests/data/hobot_clip.db
"""
import os
import sqlite3
import struct
import sys

CREATE = (
    "CREATE TABLE ClipItems(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER, type BOOLEAN, name TEXT, text TEXT, "
    "url TEXT, feature BLOB, extra TEXT)"
)


def feature(seed):
    """512 different numbers as little-endian f32, not normalised: k, k + 1/4, k + 2/4 ..."""
    return struct.pack("<512f", *(seed + i / 4 for i in range(512)))


def main():
    path = sys.argv[1]
    if os.path.exists(path):
        os.remove(path)
    database = sqlite3.connect(path)
    database.execute(CREATE)
    rows = [
        (1700000000000 + i, True, name, "", "/userdata/config/" + name, feature(i), "a,b")
        for i, name in enumerate(["CLIP.png", "dog.jpg", "cat.jpeg"])
    ]
    database.executemany(
        "INSERT INTO ClipItems(timestamp, type, name, text, url, feature, extra) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
    )
    database.commit()
    database.close()


if __name__ == "__main__":
    main()
