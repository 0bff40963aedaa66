// Pictures of a robot's topic, which are not files: the page shows their thumbnails, and when and where they were seen.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe } from "node:test";
import { promisify } from "node:util";
import { until, useSite } from "./support/browser.mjs";
import { open } from "./support/steps.mjs";

// Stores two pictures of a topic in a database, the second one without a thumbnail, as clip_manage does.
const kStore = `
import contextlib, sqlite3, sys
with contextlib.closing(sqlite3.connect(sys.argv[1])) as database:
    for stamp, jpeg in ((1700000001, bytes.fromhex(sys.argv[2])), (1700000000, None)):
        item = database.execute(
            "INSERT INTO ClipItems(timestamp, type, name, text, url, feature, extra, model_id, content_hash, size, mtime_ns, "
            "width, height) SELECT ?1 * 1000, 1, '', '', 'ros:/front/image/' || ?1 || '.5', feature, '', model_id, '', 0, "
            "?1 * 1000000000, 1920, 1080 FROM ClipItems ORDER BY id LIMIT 1", (stamp,)).lastrowid
        if jpeg is not None:
            database.execute("INSERT INTO ClipThumbnails VALUES (?, ?, ?, ?)", (item, stamp * 1000, len(jpeg), jpeg))
    database.commit()
`;

describe("pictures of a topic", () => {
  const it = useSite(["rocket.jpg"], async (site) => {
    await site.index();
    await site.serve();
    const jpeg = await (await fetch(`${site.base}api/items/1/thumbnail`)).arrayBuffer();
    await promisify(execFile)("python3", ["-c", kStore, site.database, Buffer.from(jpeg).toString("hex")]);
    while ((await site.api("items")).total !== 3) await new Promise((resolve) => setTimeout(resolve, 50));
  });
  // A picture without a thumbnail gives a message of the browser, as a missing file does.
  const allowed = /404/;

  it("are shown with their time and topic", { allowed, timezoneId: "UTC" }, async (page, site) => {
    await open(page, site);
    const card = '.card[data-index="1"]';
    await page.waitForSelector(`${card} img.loaded`);
    assert.match(await page.innerText(`${card} .card-name`), /14 Nov 2023, 22:13:21/);
    assert.equal(await page.textContent(`${card} .card-path`), "/front/image");
    await page.click(`${card} a`);
    await page.waitForSelector("#viewer[open]");
    await until(page, () => document.querySelector("#viewer-image").naturalWidth > 0);
    assert.match(await page.innerText("#viewer-name"), /14 Nov 2023, 22:13:21/);
    const facts = await page.innerText("#viewer-facts");
    assert.match(facts, /Topic\s+\/front\/image/);
    assert.match(facts, /ros:\/front\/image\/1700000001\.5/);
    assert.equal(await page.isVisible("#viewer-open"), false, "there is no file");
  });

  it("without a thumbnail say so", { allowed, timezoneId: "UTC" }, async (page, site) => {
    await open(page, site);
    await page.click('.card[data-index="0"] a');
    await page.waitForSelector("#viewer-missing:not([hidden])");
    assert.match(await page.innerText("#viewer-missing"), /No thumbnail/);
  });
});
