// Reads every message of tests/golden/ros2_messages.txt with Foxglove's implementation of ROS 2 messages and writes it
// again: the bytes must be the same. src/ros2/message_test.cpp checks that src/ros2 writes the same bytes.
//
//   node foxglove_check.mjs GOLDEN_FOLDER      (with @foxglove/rosmsg and @foxglove/rosmsg2-serialization installed)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { parse } = require("@foxglove/rosmsg");
const { MessageReader, MessageWriter } = require("@foxglove/rosmsg2-serialization");

const folder = process.argv[2];
const sections = readFileSync(join(folder, "ros2_definitions.txt"), "utf8")
  .split("=".repeat(80) + "\n")
  .slice(1)
  .map((text) => {
    const newline = text.indexOf("\n");
    // Foxglove's parser supports only two-part names, so the middle part is removed everywhere.
    const name = text.slice("MSG: ".length, newline).replace(/\/(msg|srv|action)\//, "/");
    return { name, body: text.slice(newline + 1).replaceAll("/action/", "/") };
  });

// The sections that a type refers to. Others are left out, because the parser drops types with equal fields.
function collect(name, found) {
  for (const field of sections.find((section) => section.name === name).body.trim().split("\n")) {
    const type = field.split(" ")[0].replace(/\[.*$/, "");
    if (!type.includes("/") || found.has(type)) continue;
    found.add(type);
    collect(type, found);
  }
  return found;
}

function definitionsOf(name) {
  const used = collect(name, new Set());
  const line = "=".repeat(80);
  const rest = sections.filter((section) => used.has(section.name));
  const main = sections.find((section) => section.name === name);
  return parse(main.body + rest.map((s) => `${line}\nMSG: ${s.name}\n${s.body}`).join(""), { ros2: true });
}

let checked = 0;
let failed = 0;
for (const row of readFileSync(join(folder, "ros2_messages.txt"), "utf8").trim().split("\n")) {
  const [fullName, , length, hex] = row.split(" ");
  const bytes = Buffer.alloc(Number(length)); // the file has only the beginning of a picture; the rest stays zero
  Buffer.from(hex, "hex").copy(bytes);
  const definitions = definitionsOf(fullName.replace(/\/(msg|srv|action)\//, "/"));
  const message = new MessageReader(definitions).readMessage(bytes);
  const written = Buffer.from(new MessageWriter(definitions).writeMessage(message));
  checked += 1;
  if (!written.equals(bytes)) {
    failed += 1;
    console.error(`${fullName}\n  ours     ${hex}\n  Foxglove ${written.toString("hex").slice(0, hex.length)}`);
  }
}
console.log(`${checked} message types, ${failed} different`);
process.exit(failed > 0 || checked < 87 ? 1 : 0);
