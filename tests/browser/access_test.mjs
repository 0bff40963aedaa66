// A server with a token, and one that shows the folder of results that clip_manage writes.
import assert from "node:assert/strict";
import path from "node:path";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { cards, open } from "./support/steps.mjs";
import { clipseek } from "./support/server.mjs";

const kToken = "quiet-morning-4711";

describe("server with a token", () => {
  const it = useSite(["cat.png", "rocket.jpg"], async (site) => {
    await site.index();
    await site.serve("--token", kToken);
  });

  it("asks for it once", { allowed: /status of 401/ }, async (page, site) => {
    await page.goto(site.base);
    await page.waitForSelector("#token[open]");
    assert.equal(await page.evaluate(() => document.activeElement.id), "token-field");
    assert.equal(await page.locator(".card").count(), 0);
    await page.keyboard.press("Escape");
    assert.ok(await page.isVisible("#token"), "there is no way around it");
    await page.fill("#token-field", "a guess");
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector("#token-problem").textContent !== "");
    await page.fill("#token-field", kToken);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".card img.there");
    assert.equal(await page.isVisible("#token"), false);
    assert.equal(await page.textContent("#library-count"), "2 pictures");
    assert.equal(await page.evaluate(() => document.cookie), "", "scripts cannot read it");

    const problems = page.problems.length;
    await page.reload();
    await page.waitForSelector(".card img.there");
    assert.equal(page.problems.length, problems, "it is not asked for again");
  });

  it("takes it from the address, and does not leave it there", {}, async (page, site) => {
    await page.goto(`${site.base}?token=${kToken}`);
    await page.waitForSelector(".card img.there");
    assert.equal(page.url(), site.base);
  });
});

describe("result folder", () => {
  const it = useSite(["cat.png", "rocket.jpg", "bus.webp", "guitar.jpg"], async (site) => {
    site.results = path.join(site.folder, "result");
    site.write = (query, count) => clipseek("search", "--db", site.database, "-k", String(count), "--links", site.results, query);
    await site.index();
    await site.write("a cat", 2);
    await site.serve("--results", site.results);
  });

  it("is shown, and follows what is written to it", {}, async (page, site) => {
    await open(page, site);
    await page.click("#results-button");
    await until(page, () => document.querySelector("#summary").textContent.includes("2 pictures"));
    assert.equal(await page.getAttribute("#results-button", "aria-pressed"), "true");
    assert.match(await page.textContent("#summary"), new RegExp(`${site.results}.*2 pictures`));
    const told = await site.api("results");
    assert.deepEqual((await cards(page)).map(({ name }) => name), told.entries.map(({ name }) => name));
    await page.waitForSelector(".card img.there");

    await site.write("a rocket", 3);
    await until(page, () => document.querySelectorAll(".card").length === 3);
    const names = (await site.api("results")).entries.map(({ name }) => name);
    await until(page, (wanted) => JSON.stringify([...document.querySelectorAll(".card-name:first-child")]
      .filter((one) => one.parentElement.matches(":not(.card-facts)")).map((one) => one.textContent)) === JSON.stringify(wanted), names);

    await page.reload();
    await until(page, () => document.querySelectorAll(".card").length === 3);
    await page.fill("#words", "a cat");
    await page.waitForSelector(".figure");
    assert.equal(await page.getAttribute("#results-button", "aria-pressed"), "false");
    await page.goBack();
    await until(page, () => document.querySelector("#results-button").getAttribute("aria-pressed") === "true");
  });
});
