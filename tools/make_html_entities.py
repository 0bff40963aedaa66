#!/usr/bin/python3
"""Writes src/text/html_entity_names.h, the named character references of the HTML standard, from Python's own table."""
import html.entities
import pathlib
import textwrap

HEAD = """\
// Written by tools/make_html_entities.py from Python's html.entities: do not edit.
#pragma once

#include <string_view>

namespace clipseek::text {

// name:code or name:code,code in hexadecimal, sorted by name; '~' for ':' where the name is also valid without ';'.
constexpr std::string_view kHtmlEntityNames =
"""

FOOT = """;

}  // namespace clipseek::text
"""


def main():
    table = html.entities.html5
    entries = []
    for name in sorted(name[:-1] for name in table if name.endswith(";")):
        separator = "~" if name in table else ":"
        assert separator == ":" or (table[name] == table[name + ";"] and len(name) <= 6)
        entries.append(name + separator + ",".join(f"{ord(c):x}" for c in table[name + ";"]))
    lines = textwrap.wrap(" ".join(entries), 112, break_long_words=False, break_on_hyphens=False)
    quoted = [f'    "{line} "' for line in lines[:-1]] + [f'    "{lines[-1]}"']
    target = pathlib.Path(__file__).resolve().parent.parent / "src/text/html_entity_names.h"
    target.write_text(HEAD + "\n".join(quoted) + FOOT, encoding="ascii")


main()
