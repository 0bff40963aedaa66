// The page's modules that need no browser: queries, the layout of rows, the texts in both languages.
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

const page = path.join(process.env.CLIPSEEK_SOURCE, "src", "web", "page");
let folder;
const load = (name) => import(pathToFileURL(path.join(folder, name)));

describe("modules", () => {
  // Node treats x.js as a module only if a package.json says so.
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "clipseek-modules-"));
    await cp(page, folder, { recursive: true });
    await writeFile(path.join(folder, "package.json"), '{"type":"module"}');
  });
  after(() => rm(folder, { recursive: true }));

  test("a query is composed of words and pictures", async () => {
    const { Query, itemPicture } = await load("query.js");
    const query = (words, ...pictures) => new Query(words, pictures).compose();
    assert.equal(query("  a cat "), "a cat");
    assert.equal(query("a cat - "), "a cat");
    assert.equal(query("a cat +"), "a cat");
    assert.equal(query("a cat - 2*"), "a cat");
    assert.equal(query("C++"), "C++");
    assert.equal(query("", itemPicture(7, "x.jpg")), "item:7");
    assert.equal(query("a cat", itemPicture(7, "x.jpg")), "item:7 + a cat");
    assert.equal(query("- red", itemPicture(7, "x.jpg", 2)), "2*item:7 - red");
    assert.equal(query("a cat", itemPicture(7, "x.jpg", -0.5)), "a cat - 0.5*item:7");
    assert.ok(new Query(" - ").empty);
  });

  test("a term is given another weight", async () => {
    const { reweighted } = await load("query.js");
    const terms = [{ weight: 2, source: "2*beach" }, { weight: 1, source: "+ sunset" }, { weight: -1, source: "- people" }];
    assert.equal(reweighted(terms, 0, 1), "beach + sunset - people");
    assert.equal(reweighted(terms, 1, 0), "2*beach - people");
    assert.equal(reweighted(terms, 0, 0), "sunset - people");
    assert.equal(reweighted(terms, 2, 0.5), "2*beach + sunset + 0.5*people");
    assert.equal(reweighted(terms, 1, -3), "2*beach - 3*sunset - people");
  });

  test("a query is restored from an answer's terms", async () => {
    const { Query } = await load("query.js");
    const query = Query.fromTerms([
      { kind: "item", item: 7, name: "x.jpg", weight: 2, source: "2*item:7" },
      { kind: "text", text: "a cat", weight: 1, source: "+ a cat" },
      { kind: "upload", upload: "upload:ab", name: "y.jpg", weight: -1, source: "- upload:ab" }]);
    assert.equal(query.words, "a cat");
    assert.equal(query.compose(), "2*item:7 + a cat - upload:ab");
    assert.deepEqual(query.unsent(), []);
  });

  test("rows fill the width and keep the order", async () => {
    const { layOut, neighbour, rowAt } = await load("justified_layout.js");
    const aspects = Array.from({ length: 10_000 }, (_, index) => [1, 1.5, 0.75, 2][index % 4]);
    const options = { width: 1200, gap: 16, height: 230, caption: 70, sections: [{ start: 0, heading: 0 }, { start: 5, heading: 48 }] };
    const { rows, headings, height } = layOut(aspects, options);
    assert.equal(rows.at(-1).end, aspects.length);
    rows.forEach((row, at) => {
      assert.equal(row.first, at === 0 ? 0 : rows[at - 1].end);
      assert.ok(row.height > 100 && row.height < 460);
      const right = row.lefts.at(-1) + row.widths.at(-1);
      assert.ok(right <= 1200.001);
      if (row.end !== 5 && row.end !== aspects.length) assert.ok(right > 1199.999, "a row is full");
      if (at > 0) assert.ok(row.top >= rows[at - 1].top + rows[at - 1].height + 70);
    });
    const second = rows.findIndex(({ first }) => first === 5);
    assert.equal(rows[second].top, headings[1] + 48);
    assert.ok(height > rows.at(-1).top);
    assert.equal(rowAt(rows, rows[7].top + 1, 70), 7);
    assert.equal(rowAt(rows, 0, 70), 0);
    const below = neighbour(rows, rows[3].first, 1);
    assert.equal(below, rows[4].first);
    assert.equal(neighbour(rows, 0, -1), 0, "there is no picture above the first row");
  });

  test("durations and sizes are rounded for display", async () => {
    Object.defineProperty(globalThis, "navigator", { value: { languages: ["en-GB"] }, configurable: true });
    const { duration, fileSize } = await load("format.js");
    const durations = [[0, "0 seconds"], [59.4, "59 seconds"], [59.6, "1 minute"], [3569, "59 minutes"], [3599, "1 h 0 min"], [7199, "2 h 0 min"], [7260, "2 h 1 min"]];
    for (const [seconds, text] of durations) assert.equal(duration(seconds), text);
    for (const [bytes, text] of [[0, "0 byte"], [999, "999 byte"], [1500, "1.5 kB"], [31_400, "31 kB"], [3_720_000, "3.7 MB"]]) assert.equal(fileSize(bytes), text);
  });

  test("both languages have all texts", async () => {
    const { english } = await load("words_en.js");
    const { chinese } = await load("words_zh.js");
    assert.deepEqual(Object.keys(chinese), Object.keys(english));
    const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of Object.entries(english)) {
      assert.deepEqual(names(chinese[key]), names(text.other ?? text), key);
      if (key !== "token") assert.notEqual(chinese[key], text.other ?? text, `${key} is not translated`);
    }
  });
});
