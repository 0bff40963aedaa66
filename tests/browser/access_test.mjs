// A server with a token, and one that shows the result folder that clip_manage writes.
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

  it("asks for the token once", { allowed: /status of 401/ }, async (page, site) => {
    await page.goto(site.base);
    await page.waitForSelector("#token[open]");
    assert.equal(await page.evaluate(() => document.activeElement.id), "token-field");
    assert.equal(await page.locator(".card").count(), 0);
    await page.keyboard.press("Escape");
    assert.ok(await page.isVisible("#token"), "the dialog cannot be cancelled");
    await page.fill("#token-field", "a guess");
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector("#token-problem").textContent !== "");
    await page.fill("#token-field", kToken);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".card img.loaded");
    assert.equal(await page.isVisible("#token"), false);
    assert.equal(await page.textContent("#library-count"), "2 pictures");
    assert.equal(await page.evaluate(() => document.cookie), "", "scripts cannot read the token");

    const problems = page.problems.length;
    await page.reload();
    await page.waitForSelector(".card img.loaded");
    assert.equal(page.problems.length, problems, "the token is not requested again");
  });

  it("takes the token from the address, and removes it from there", {}, async (page, site) => {
    await page.goto(`${site.base}?token=${kToken}`);
    await page.waitForSelector(".card img.loaded");
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

  it("is shown, and follows changes of the folder", {}, async (page, site) => {
    await open(page, site);
    await page.click("#results-button");
    await until(page, () => document.querySelector("#summary").textContent.includes("2 pictures"));
    assert.equal(await page.getAttribute("#results-button", "aria-pressed"), "true");
    assert.match(await page.textContent("#summary"), new RegExp(`${site.results}.*2 pictures`));
    const { entries } = await site.api("results");
    assert.deepEqual((await cards(page)).map(({ name }) => name), entries.map(({ name }) => name));
    await page.waitForSelector(".card img.loaded");

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
