#!/usr/bin/python3
"""Writes tests/golden/ros2_messages.txt from tests/golden/ros2_definitions.txt.

The file has one line for each message type: its name, its RIHS01 type hash, the length of an example in CDR, and the
example's bytes in hex (the first 4096). The example's values follow the same rule as in the C++ test: a counter is
increased by one for each primitive field; see `example`. This program follows the OMG's CDR rules and REP-2016 and
shares no code with src/ros2.

    tools/ros2_golden.py            # writes the file
    tools/ros2_golden.py --check    # fails where the file is not up to date
"""

import hashlib
import json
import pathlib
import re
import struct
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
SHOWN = 4096
# name in .msg -> (type id of type_description_interfaces/msg/FieldType, struct code, size)
PRIMITIVES = {
    "int8": (2, "b", 1), "uint8": (3, "B", 1), "int16": (4, "h", 2), "uint16": (5, "H", 2), "int32": (6, "i", 4),
    "uint32": (7, "I", 4), "int64": (8, "q", 8), "uint64": (9, "Q", 8), "float32": (10, "f", 4),
    "float64": (11, "d", 8), "bool": (15, "?", 1), "byte": (16, "B", 1), "char": (3, "B", 1),
}
FIELD = re.compile(r"^(?P<base>[\w/]+?)(<=(?P<chars>\d+))?(\[(?P<bound><=)?(?P<count>\d*)\])?$")


class Field:
    def __init__(self, line, known):
        text, self.name = line.split()
        match = FIELD.match(text)
        self.base = match["base"]
        if "/" in self.base and self.base.count("/") == 1:
            package, name = self.base.split("/")
            self.base = f"{package}/msg/{name}"
        self.chars = int(match["chars"] or 0)
        self.count = int(match["count"] or 0)
        self.is_array = match["count"] is not None and match["count"] != "" and not match["bound"]
        self.is_bounded = bool(match["bound"])
        self.is_sequence = match["count"] is not None and not self.is_array
        if self.base not in PRIMITIVES and self.base != "string" and self.base not in known:
            raise SystemExit(f"unknown type {self.base}")


def read_definitions(text):
    types = {}
    for section in text.split("=" * 80 + "\n")[1:]:
        lines = section.strip().split("\n")
        name = lines[0].removeprefix("MSG: ")
        types[name] = [Field(line, types) for line in lines[1:]]
    return types


def type_json(name, fields):
    described = []
    for field in fields:
        nested, string_capacity = "", 0
        if field.base in PRIMITIVES:
            type_id = PRIMITIVES[field.base][0]
        elif field.base == "string":
            type_id, string_capacity = (21 if field.chars else 17), field.chars
        else:
            type_id, nested = 1, field.base
        type_id += 48 if field.is_array else 96 if field.is_bounded else 144 if field.is_sequence else 0
        described.append({"name": field.name, "type": {
            "type_id": type_id, "capacity": field.count, "string_capacity": string_capacity,
            "nested_type_name": nested}})
    return {"type_name": name, "fields": described}


def type_hash(name, types):
    found = set()

    def collect(current):
        for field in types[current]:
            if field.base in types and field.base not in found:
                found.add(field.base)
                collect(field.base)

    collect(name)
    description = {"type_description": type_json(name, types[name]),
                   "referenced_type_descriptions": [type_json(n, types[n]) for n in sorted(found)]}
    return "RIHS01_" + hashlib.sha256(json.dumps(description).encode()).hexdigest()


class Encoder:
    """Encodes CDR, little-endian: each primitive is aligned to its own size, counted after the encapsulation."""

    def __init__(self):
        self.bytes = bytearray()
        self.counter = 0

    def put(self, code, size, value):
        self.bytes += bytes(-len(self.bytes) % size)
        self.bytes += struct.pack("<" + code, value)

    def put_text(self, text):
        encoded = text.encode() + b"\0"
        self.put("I", 4, len(encoded))
        self.bytes += encoded

    def example(self, name, types):
        for field in types[name]:
            if field.is_array and field.base == "uint8":
                self.bytes += bytes((self.counter + 1 + i) % 100 for i in range(field.count))
                self.counter += field.count
                continue
            count = 1
            if field.is_array:
                count = field.count
            elif field.is_sequence:
                count = min(2, field.count) if field.is_bounded else 2
                self.put("I", 4, count)
            for _ in range(count):
                self.element(field, types)

    def element(self, field, types):
        if field.base in types:
            self.example(field.base, types)
            return
        self.counter += 1
        if field.base == "string":
            self.put_text(f"s{self.counter}")
            return
        _, code, size = PRIMITIVES[field.base]
        value = self.counter
        if field.base == "bool":
            value = self.counter % 2 == 1
        elif field.base in ("float32", "float64"):
            value = self.counter + 0.5
        elif size == 1:
            value = self.counter % 100
        self.put(code, size, value)


def golden():
    types = read_definitions((FOLDER / "ros2_definitions.txt").read_text())
    lines = []
    for name in types:
        encoder = Encoder()
        encoder.example(name, types)
        message = b"\x00\x01\x00\x00" + bytes(encoder.bytes)
        lines.append(f"{name} {type_hash(name, types)} {len(message)} {message[:SHOWN].hex()}\n")
    return "".join(lines)


def main():
    path = FOLDER / "ros2_messages.txt"
    text = golden()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if path.read_text() == text else f"{path.name} is not up to date: run tools/ros2_golden.py")
    path.write_text(text)


if __name__ == "__main__":
    main()
