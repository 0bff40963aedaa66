// The library panel: adding a folder, progress, failures, an empty library.
import assert from "node:assert/strict";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { answerTo, cards, open } from "./support/steps.mjs";
import { samples } from "./support/server.mjs";

const kMany = 400;

// A picture whose decoding waits until the test releases it.
const addHeld = (folder) => copyFile(path.join(samples, "bus.webp"), path.join(folder, "bus.webp"));

// Writes files that differ only in their last bytes, which no decoder reads: for the index they are different pictures.
async function writeMany(folder, count) {
  await mkdir(folder, { recursive: true });
  const content = await readFile(path.join(samples, "rocket.jpg"));
  for (let index = 0; index < count; ++index) {
    await writeFile(path.join(folder, `rocket-${index}.jpg`), Buffer.concat([content, Buffer.from(String(index))]));
  }
}

describe("library", () => {
  const it = useSite(["cat.png"], async (site) => {
    await site.index();
    await writeMany(path.join(site.pictures, "trips", "2024"), kMany);
    await writeFile(path.join(site.pictures, "trips", "2024", "broken <b>.jpg"), "\xff\xd8\xff\xe0 not a picture");
    await addHeld(path.join(site.pictures, "trips", "2024"));
    await site.serveHeld("--root", site.pictures);
  });

  it("adds a folder, shows progress and failures, and still searches", {}, async (page, site) => {
    await open(page, site, "a rocket");
    assert.equal((await cards(page)).length, 1);
    await page.click("#library-button");
    await until(page, () => document.querySelector("#library-facts").textContent.includes("tiny"));
    assert.match(await page.innerText("#library-facts"), /Pictures\s+1\s/);
    await page.click(".folder-list button >> text=trips");
    await page.click(".folder-list button >> text=2024");
    await page.click("#index-folder >> text=2024");
    await page.waitForSelector("#job progress:visible");
    assert.ok(await page.isDisabled("#index-folder"), "one run at a time");
    await answerTo(page, "a cat", () => page.fill("#words", "a cat")); // searching works during the run
    await until(page, () => /^\d+ of 402$/.test(document.querySelector("#job .job-line span").textContent));
    assert.ok(await page.isVisible("#ring"), "the run is shown while the panel is closed, too");
    await site.release();

    await until(page, () => document.querySelector("#job h3").textContent === "Indexing ended");
    assert.match(await page.innerText("#job .job-line"), new RegExp(`${kMany + 1} added, 1 failed`));
    await page.click(".failures summary");
    const failures = await page.innerText(".failures li");
    assert.ok(failures.includes(path.join(site.pictures, "trips", "2024", "broken <b>.jpg")), failures);

    // The count and the current search are updated without a reload.
    await until(page, () => document.querySelector("#library-count").textContent === "402 pictures");
    await until(page, () => document.querySelector("#summary").textContent.includes("402 pictures searched") || !document.querySelector("#message").hidden);
    assert.match(await page.innerText("#library-facts"), /Last index run\s.*401 added/);
    assert.ok(!(await page.isDisabled("#index-folder")));
    const answer = await answerTo(page, "a rocket", () => page.fill("#words", "a rocket"));
    assert.equal(answer.total, 402);
  });

  it("shows and stops a run that another client started", {}, async (page, site) => {
    await writeMany(path.join(site.pictures, "more"), 3);
    await writeFile(path.join(site.pictures, "more", "bus.webp"),
      Buffer.concat([await readFile(path.join(samples, "bus.webp")), Buffer.from("another")]));
    await open(page, site);
    await site.hold();
    await site.api("index", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ path: path.join(site.pictures, "more") }) });
    await page.reload();
    await page.click("#library-button");
    await page.waitForSelector("#job:visible");
    const stopped = page.waitForResponse((response) => response.request().method() === "DELETE");
    await page.click("#stop-job");
    await stopped;
    await site.release();
    await until(page, () => document.querySelector("#job h3").textContent === "Indexing ended");
    const { jobs } = await site.api("jobs");
    assert.equal(jobs[0].state, "stopped");
    await until(page, () => document.querySelector("#ring").hidden);
  });
});

describe("empty library", () => {
  const it = useSite(["cat.png", "rocket.jpg"], async (site) => {
    await mkdir(path.join(site.folder, "nothing"));
    await site.index(path.join(site.folder, "nothing"));
    await site.serve("--root", site.pictures);
  });

  it("offers to add a folder", {}, async (page, site) => {
    await open(page, site);
    assert.equal(await page.textContent("#message h2"), "No pictures yet");
    await page.click("#message button");
    await page.click("#index-folder");
    await page.waitForSelector(".card img.loaded");
    await until(page, () => document.querySelectorAll(".card").length === 2 && document.querySelector("#message").hidden);
    assert.equal(await page.textContent("#library-count"), "2 pictures");
  });
});

describe("library without a root", () => {
  const it = useSite(["cat.png"], async (site) => {
    await site.index();
    await site.serve();
  });

  it("explains how to allow folders", {}, async (page, site) => {
    await open(page, site);
    await page.click("#library-button");
    await until(page, () => document.querySelector("#folders").textContent.includes("--root"));
    assert.equal(await page.locator("#index-folder").count(), 0);
  });
});
