// Searching with pictures: dropped, pasted, chosen or found ones, also combined with words.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { answerTo, cards, chipNames, dragOver, drop, firstCard, open, paste } from "./support/steps.mjs";
import { samples } from "./support/server.mjs";

const sample = (name) => path.join(samples, name);

describe("searching with pictures", () => {
  const it = useSite(null, async (site) => {
    await site.index();
    await site.serve();
  });

  it("searches with a dropped picture", {}, async (page, site) => {
    await open(page, site);
    const release = await dragOver(page, sample("rocket.jpg"));
    assert.ok(await page.isVisible("#drop"), "the page shows that it may be dropped");
    const answer = await answerTo(page, null, release);
    assert.equal(await page.isVisible("#drop"), false);
    assert.equal(answer.hits[0].name, "rocket.jpg", "the picture itself comes first");
    assert.ok(answer.hits[0].score > 0.99);
    assert.deepEqual(await chipNames(page), ["+rocket.jpg"]);
    await until(page, () => document.querySelector("canvas.chip-picture")?.getContext("2d").getImageData(30, 30, 1, 1).data[3] > 0);
  });

  it("searches with a pasted and with a chosen picture", {}, async (page, site) => {
    await open(page, site);
    await answerTo(page, null, () => paste(page, sample("guitar.jpg")));
    await firstCard(page, "guitar.jpg");
    await page.click("#clear");
    await answerTo(page, null, () => page.setInputFiles("#file", sample("one-yellow-star-on-purple.heic")));
    await firstCard(page, "one-yellow-star-on-purple.heic");
    assert.deepEqual(await chipNames(page), ["+one-yellow-star-on-purple.heic"]);
  });

  it("combines a picture with words, and uploads the picture only once", {}, async (page, site) => {
    await open(page, site);
    let sent = 0;
    page.on("request", (request) => (sent += request.method() === "POST" ? 1 : 0));
    await answerTo(page, null, () => drop(page, sample("cat.png")));
    const mixed = page.waitForResponse((response) => new URL(response.url()).searchParams.get("q")?.endsWith("+ on a blue background - red"));
    await page.fill("#words", "on a blue background - red");
    const answer = await (await mixed).json();
    assert.deepEqual(answer.terms.map(({ kind, weight }) => [kind, weight]), [["upload", 1], ["text", 1], ["text", -1]]);
    await until(page, () => document.querySelectorAll(".chip").length === 3);
    assert.deepEqual(await chipNames(page), ["+cat.png", "+on a blue background", "-red"]);
    assert.equal(sent, 1);

    const excluded = page.waitForResponse((response) => new URL(response.url()).searchParams.get("q")?.startsWith("on a blue background"));
    await page.click('.chip:nth-child(1) [data-part="sign"]');
    const without = await (await excluded).json();
    assert.deepEqual(without.terms.map(({ kind, weight }) => [kind, weight]), [["text", 1], ["text", -1], ["upload", -1]]);
    await until(page, () => document.querySelector(".chip:last-child").classList.contains("minus"));
    await answerTo(page, "on a blue background - red", () => page.click('.chip:last-child [data-part="remove"]'));
    assert.equal(await page.inputValue("#words"), "on a blue background - red");
  });

  it("uploads a picture again when the server no longer has it", { allowed: /status of 404/ }, async (page, site) => {
    await open(page, site);
    await answerTo(page, null, () => drop(page, sample("cat.png")));
    let failing = true;
    await page.route("**/api/search?*", async (route) => {
      if (!failing) return route.continue();
      failing = false;
      return route.fulfill({ status: 404, json: { error: { code: "unknown_picture", message: "upload:x is not known" } } });
    });
    const answer = await answerTo(page, null, () => page.fill("#words", "blue"));
    assert.deepEqual(answer.terms.map(({ kind }) => kind), ["upload", "text"]);
    assert.equal(await page.isVisible("#query-problem"), false);
  });

  it("searches for more pictures like a hit", {}, async (page, site) => {
    await open(page, site, "a rocket");
    await page.click('.card[data-index="2"] a');
    const name = await page.textContent("#viewer-name");
    const answer = await answerTo(page, null, () => page.click("#viewer-like"));
    assert.equal(answer.hits[0].name, name, "the picture itself comes first");
    assert.deepEqual(await chipNames(page), [`+${name}`]);
    assert.equal(await page.inputValue("#words"), "");
    assert.equal(await page.isVisible("#viewer"), false);

    await page.reload();
    await firstCard(page, name);
    assert.deepEqual(await chipNames(page), [`+${name}`], "the address keeps the picture");
    await page.goBack();
    await until(page, () => document.querySelector("#words").value === "a rocket");
    assert.deepEqual(await chipNames(page), []);
  });

  it("adds a hit to the query", {}, async (page, site) => {
    await open(page, site, "a rocket");
    await page.click('.card[data-index="0"] a');
    const name = await page.textContent("#viewer-name");
    const answer = await answerTo(page, null, () => page.click("#viewer-add"));
    assert.deepEqual(answer.terms.map(({ kind }) => kind), ["item", "text"]);
    assert.deepEqual(await chipNames(page), [`+${name}`, "+a rocket"]);
    assert.equal(await page.inputValue("#words"), "a rocket");
  });

  it("reports a file that is not a picture, and removes it from the query", { allowed: /status of 4\d\d/ }, async (page, site) => {
    await open(page, site, "a rocket");
    const before = (await cards(page)).map(({ name }) => name);
    const text = path.join(site.folder, "notes.jpg");
    await writeFile(text, "not a picture");
    await drop(page, text);
    await page.waitForSelector("#query-problem:not([hidden])");
    assert.match(await page.textContent("#query-problem"), /picture/);
    assert.deepEqual(await chipNames(page), []);
    assert.deepEqual((await cards(page)).map(({ name }) => name), before);
  });

  it("shows a large picture with its details", {}, async (page, site) => {
    await open(page, site, "a rocket");
    const answer = await site.api("search?q=a+rocket&limit=2");
    await page.click('.card[data-index="0"] a');
    await until(page, () => document.querySelector("#viewer-image").naturalWidth > 0);
    const facts = await page.innerText("#viewer-facts");
    const [hit] = answer.hits;
    assert.ok(facts.includes(hit.path) && facts.includes(`${hit.width} \u00d7 ${hit.height}`.replace(/\d{4}/g, (n) => Number(n).toLocaleString("en-GB"))), facts);
    assert.match(await page.innerText("#viewer-score"), new RegExp(hit.score.toFixed(3)));
    assert.equal(await page.getAttribute("#viewer-open", "href"), `api/items/${hit.id}/image`);
    const original = await page.request.get(`${site.base}api/items/${hit.id}/image`);
    assert.equal(original.status(), 200);

    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.click("#viewer-copy");
    await until(page, () => document.querySelector("#viewer-copy").innerText === "Copied");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), hit.path);
    await page.click("#viewer-next");
    assert.equal(await page.textContent("#viewer-name"), answer.hits[1].name);
    assert.match(await page.innerText("#viewer-copy"), /Copy path/);
    await page.goBack();
    await until(page, () => !document.querySelector("#viewer").open);
    assert.equal(new URL(page.url()).searchParams.get("q"), "a rocket");
  });
});
