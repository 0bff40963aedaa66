// Use of the page with a keyboard and a screen reader: keys, focus, accessible names and roles.
import assert from "node:assert/strict";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { answerTo, open } from "./support/steps.mjs";

const kHearts = "two red hearts on a white background";

const focusedIndex = (page) => page.evaluate(() => document.activeElement.closest(".card")?.dataset.index ?? document.activeElement.id);

// Returns whether the focused element has a visible outline.
const focusIsVisible = (page) => page.evaluate(() => {
  const focused = document.activeElement;
  const box = focused.closest(".search-box:focus-within");
  return getComputedStyle(focused).outlineStyle !== "none" || (box !== null && getComputedStyle(box).boxShadow !== "none");
});

describe("keyboard and screen reader", () => {
  const it = useSite(null, async (site) => {
    await site.index();
    await site.serve("--root", site.pictures);
  });

  it("searches, opens the viewer and returns with the keyboard alone", {}, async (page, site) => {
    await open(page, site);
    const answer = await answerTo(page, kHearts, () => page.keyboard.type(kHearts));
    assert.ok(await focusIsVisible(page));
    await page.keyboard.press("ArrowDown");
    assert.equal(await focusedIndex(page), "0");
    assert.ok(await focusIsVisible(page));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    assert.equal(await focusedIndex(page), "2");
    await page.keyboard.press("ArrowDown");
    assert.ok(Number(await focusedIndex(page)) > 2, "down leads to another row");
    await page.keyboard.press("Home");
    assert.equal(await focusedIndex(page), "0");

    await page.keyboard.press("Enter");
    await page.waitForSelector("#viewer[open]");
    assert.equal(await page.textContent("#viewer-name"), answer.hits[0].name);
    assert.ok(await page.evaluate(() => document.querySelector("#viewer").contains(document.activeElement)));
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.textContent("#viewer-name"), answer.hits[1].name);
    for (let key = 0; key < 12; ++key) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => document.querySelector("#viewer").contains(document.activeElement) || document.activeElement === document.body);
      assert.ok(inside, "the focus stays in the dialog");
    }
    await page.keyboard.press("Escape");
    await until(page, () => !document.querySelector("#viewer").open && document.activeElement.closest(".card")?.dataset.index === "1");

    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focusedIndex(page), "words", "up from the first row leads to the field");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("/");
    assert.equal(await focusedIndex(page), "words");
    assert.equal(await page.inputValue("#words"), kHearts, "the slash is not typed");
  });

  it("has one tab stop in the grid", {}, async (page, site) => {
    await open(page, site, "a cat");
    assert.equal(await page.locator('.card a[tabindex="0"]').count(), 1);
    await page.focus("#library-button");
    await page.keyboard.press("Tab");
    assert.equal(await focusedIndex(page), "0");
  });

  it("opens and closes the library panel", {}, async (page, site) => {
    await open(page, site);
    await page.focus("#library-button");
    await page.keyboard.press("Enter");
    assert.equal(await page.getAttribute("#library-button", "aria-expanded"), "true");
    assert.equal(await focusedIndex(page), "library-title");
    await page.waitForSelector("#index-folder");
    await page.keyboard.press("Escape");
    assert.equal(await page.getAttribute("#library-button", "aria-expanded"), "false");
    assert.equal(await focusedIndex(page), "library-button");
  });

  it("has a name for every control", {}, async (page, site) => {
    await open(page, site, "2*a cat - red");
    await until(page, () => document.querySelectorAll(".chip").length === 2);
    await page.click("#library-button");
    await page.waitForSelector("#index-folder");
    const nameless = await page.$$eval("button, a[href], input:not([hidden])", (all) => all
      .filter((one) => one.checkVisibility() && !(one.getAttribute("aria-label") || one.textContent.trim()))
      .map((one) => one.outerHTML));
    assert.deepEqual(nameless, []);
    const search = page.getByRole("search").getByRole("searchbox", { name: "Search for pictures" });
    assert.equal(await search.count(), 1);
    const grid = page.getByRole("list", { name: "Pictures" });
    const first = grid.getByRole("listitem").first();
    assert.equal(await first.getAttribute("aria-posinset"), "1");
    assert.equal(await first.getAttribute("aria-setsize"), "120");
    assert.equal(await page.getByRole("complementary", { name: "Library" }).count(), 1);
    assert.match(await page.getByRole("status").first().textContent(), /pictures searched|no good matches/i);
    await page.click('.card[data-index="0"] a');
    assert.equal(await page.getByRole("dialog", { name: await page.textContent("#viewer-name") }).count(), 1);
    assert.match(await page.textContent("#viewer-status"), /picture 1 of 120$/);
  });
});
