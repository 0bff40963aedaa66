// Searching with words: results during typing, their order and details, weak matches, errors, history.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { answerTo, cards, chipNames, firstCard, open } from "./support/steps.mjs";

const kHearts = "two red hearts on a white background";

// Changes the server's answers before the page receives them.
function changeAnswers(page, change) {
  return page.route("**/api/search?*", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    change(answer);
    await route.fulfill({ response, json: answer });
  });
}

describe("searching with words", () => {
  const it = useSite(null, async (site) => {
    await site.index();
    await site.serve();
  });

  it("focuses the field, and searches during typing", {}, async (page, site) => {
    await open(page, site);
    assert.equal(await page.evaluate(() => document.activeElement.id), "words");
    const answer = await answerTo(page, kHearts, () => page.keyboard.type(kHearts));
    const { hits } = await site.api(`search?q=${encodeURIComponent(kHearts)}&limit=60`);
    assert.deepEqual(answer.hits.map(({ id }) => id), hits.map(({ id }) => id));

    const shown = (await cards(page)).filter(({ index }) => index < 8);
    assert.equal(shown.length, 8);
    shown.forEach((card, index) => {
      const hit = hits[index];
      assert.equal(card.index, index, "the document's order is the ranking's");
      assert.equal(card.name, hit.name);
      assert.equal(card.figure, hit.score.toFixed(3));
      assert.equal(card.folder, `${site.pictures}/`);
      assert.match(card.facts, /^[\d.]+ (byte|kB) \u00b7 \d+ \w+ 20\d\d$/);
      assert.equal(card.weak, hit.strength === "weak");
      if (index > 0) assert.ok(parseFloat(card.filled) <= parseFloat(shown[index - 1].filled));
    });
    await until(page, () => document.querySelector(".card img.loaded")?.naturalWidth > 0);
    assert.equal(new URL(page.url()).searchParams.get("q"), kHearts);
    assert.match(await page.textContent("#summary"), /120 pictures searched/);
  });

  it("sends one request for a word, and never shows a late answer to an older query", {}, async (page, site) => {
    await open(page, site);
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const asked = [];
    await page.route("**/api/search?*", async (route) => {
      const query = new URL(route.request().url()).searchParams.get("q");
      asked.push(query);
      if (query === "a bar chart") await held;
      await route.continue().catch(() => {}); // the page has cancelled the request
    });
    await page.fill("#words", "a bar chart");
    await until(page, () => document.querySelector("#search-box.waiting"));
    await answerTo(page, kHearts, () => page.fill("#words", kHearts));
    const names = (await cards(page)).map(({ name }) => name);
    release();
    await answerTo(page, "a rocket", () => page.fill("#words", "a rocket"));
    await answerTo(page, kHearts, () => page.fill("#words", kHearts));
    assert.deepEqual((await cards(page)).map(({ name }) => name), names);
    assert.deepEqual(asked, ["a bar chart", kHearts, "a rocket", kHearts]);
  });

  it("waits for an input method to finish", { locale: "zh-CN" }, async (page, site) => {
    await open(page, site);
    const asked = [];
    page.on("request", (request) => request.url().includes("/api/search") && asked.push(new URL(request.url()).searchParams.get("q")));
    const keyboard = await page.context().newCDPSession(page);
    await keyboard.send("Input.imeSetComposition", { text: "huo'jian", selectionStart: 8, selectionEnd: 8 });
    await until(page, () => document.querySelector("#words").value === "huo'jian");
    await answerTo(page, "\u706b\u7bad", () => keyboard.send("Input.insertText", { text: "\u706b\u7bad" }));
    assert.deepEqual(asked, ["\u706b\u7bad"]);
  });

  it("separates strong matches from weak ones", {}, async (page, site) => {
    await changeAnswers(page, (answer) => {
      answer.verdict = "strong";
      answer.hits.forEach((hit, index) => (hit.strength = index < 3 ? "strong" : index < 5 ? "fair" : "weak"));
    });
    await open(page, site, kHearts);
    assert.match(await page.textContent("#summary"), /^3 strong matches/);
    assert.deepEqual(await page.$$eval("h2", (all) => all.map((one) => one.textContent).filter((text) => /matches/.test(text))),
      ["Possible matches", "Weak matches"]);
    const shown = await cards(page);
    assert.deepEqual(shown.slice(0, 7).map(({ weak }) => weak), [false, false, false, false, false, true, true]);
    assert.ok(shown[3].top > shown[2].top && shown[5].top > shown[4].top, "each group begins a row of its own");
    const name = await page.getAttribute('.card[data-index="5"] a', "aria-label");
    assert.match(name, /similarity 0\.\d{3}, Weak match$/);
  });

  it("reports that there are no good matches, and shows the closest pictures on request", {}, async (page, site) => {
    await changeAnswers(page, (answer) => {
      answer.verdict = "weak";
      for (const hit of answer.hits) hit.strength = "weak";
    });
    await page.goto(`${site.base}?q=qwertz`);
    await page.waitForSelector("#message:not([hidden])");
    assert.equal(await page.textContent("#message h2"), "No good matches");
    assert.equal(await page.isVisible("#grid"), false);
    await page.click("#show-nearest");
    await page.waitForSelector(".card.weak img.loaded");
    assert.equal(await page.isVisible("#message"), false);
    assert.equal(await page.evaluate(() => document.activeElement.closest(".card").dataset.index), "0");
  });

  it("explains an invalid query, and keeps the last results", { allowed: /status of 400/ }, async (page, site) => {
    await open(page, site, kHearts);
    const before = (await cards(page)).map(({ name }) => name);
    await page.fill("#words", "a rocket + - red");
    await page.waitForSelector("#query-problem:not([hidden])");
    assert.match(await page.textContent("#query-problem"), /^Invalid search: ./);
    assert.equal(await page.getAttribute("#words", "aria-invalid"), "true");
    assert.deepEqual((await cards(page)).map(({ name }) => name), before);
    await answerTo(page, '"salt + - pepper"', () => page.fill("#words", '"salt + - pepper"'));
    assert.equal(await page.isVisible("#query-problem"), false);
  });

  it("reports that the server is not responding, and continues when it responds again", { allowed: /Failed to load resource/ }, async (page, site) => {
    await open(page, site);
    await page.route("**/api/search?*", (route) => route.abort());
    await page.fill("#words", "a cat");
    await page.waitForSelector("#query-problem:not([hidden])");
    assert.match(await page.textContent("#query-problem"), /not responding/);
    await page.unroute("**/api/search?*");
    await answerTo(page, "a cat", () => page.keyboard.press("Enter"));
    assert.equal(await page.isVisible("#query-problem"), false);
  });

  it("goes back and forward through the queries", {}, async (page, site) => {
    await open(page, site);
    await answerTo(page, kHearts, () => page.fill("#words", kHearts));
    await page.keyboard.press("Enter");
    const rocket = await answerTo(page, "a rocket", () => page.fill("#words", "a rocket"));
    await page.goBack();
    await until(page, (query) => document.querySelector("#words").value === query, kHearts);
    await page.goForward();
    await until(page, () => document.querySelector("#words").value === "a rocket");
    await firstCard(page, rocket.hits[0].name);
    await page.click("#clear");
    await page.waitForSelector(".start .card");
    assert.equal(await page.inputValue("#words"), "");
    assert.equal(page.url(), site.base);
  });

  it("starts with the newest pictures and a few examples", {}, async (page, site) => {
    await open(page, site);
    const { items } = await site.api("items?limit=3");
    assert.deepEqual((await cards(page)).slice(0, 3).map(({ name }) => name), items.map(({ name }) => name));
    assert.equal((await cards(page))[0].figure, null);
    const example = await page.textContent("#examples button:nth-child(2)");
    await answerTo(page, example, () => page.click("#examples button:nth-child(2)"));
    assert.equal(await page.inputValue("#words"), example);
    assert.equal(await page.evaluate(() => document.activeElement.id), "words");
  });

  it("shows the parts of a query as chips that change it", {}, async (page, site) => {
    await open(page, site);
    await answerTo(page, "2*a red circle + blue - a square", () => page.fill("#words", "2*a red circle + blue - a square"));
    await until(page, () => document.querySelectorAll(".chip").length === 3);
    assert.deepEqual(await chipNames(page), ["+a red circle", "+blue", "-a square"]);
    const weights = await page.$$eval('.chip [data-part="weight"]', (all) => all.map((one) => one.textContent));
    assert.deepEqual(weights, ["2\u00d7", "1\u00d7", "1\u00d7"]);

    await answerTo(page, "2*a red circle - a square", () => page.click('.chip:nth-child(2) [data-part="remove"]'));
    await answerTo(page, "2*a red circle + a square", () => page.click('.chip:nth-child(2) [data-part="sign"]'));
    assert.deepEqual(await chipNames(page), ["+a red circle", "+a square"]);
    await answerTo(page, "3*a red circle + a square", () => page.press('.chip:nth-child(1) [data-part="weight"]', "ArrowUp"));
    assert.equal(await page.inputValue("#words"), "3*a red circle + a square");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.part), "weight", "the focus stays at the weight");
    await answerTo(page, "a square", () => page.click('.chip:nth-child(1) [data-part="remove"]'));
    assert.equal(await page.isVisible("#chips"), false, "plain words need no chip");
  });
});
