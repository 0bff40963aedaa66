// Ten thousand results: all of them can be reached, and only those near the visible part are elements.
import assert from "node:assert/strict";
import { link, mkdir } from "node:fs/promises";
import path from "node:path";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { open } from "./support/steps.mjs";

const kTotal = 10_000;
const kOriginals = ["cat.png", "rocket.jpg", "bus.webp", "guitar.jpg", "pizza.jpg", "key.jpg", "owl.jpg", "crown.jpg"];
const kMaxCards = 150;

describe("long list", () => {
  // The files are links to a few originals, so that each content is encoded only once.
  const it = useSite(kOriginals, async (site) => {
    for (let index = kOriginals.length; index < kTotal; ++index) {
      const folder = path.join(site.pictures, String(Math.floor(index / 1000)));
      if (index % 1000 === 0 || index === kOriginals.length) await mkdir(folder, { recursive: true });
      const original = kOriginals[index % kOriginals.length];
      await link(path.join(site.pictures, original), path.join(folder, `${index}-${original}`));
    }
    await site.index();
    await site.serve();
  });

  it("keeps few elements however far it is scrolled", {}, async (page, site) => {
    await open(page, site, `item:${(await site.api("items?limit=1")).items[0].id}`);
    const seen = new Set();
    let maxCards = 0;
    for (;;) {
      const state = await page.evaluate(() => ({
        cards: document.querySelectorAll(".card").length,
        elements: document.querySelectorAll("*").length,
        last: Math.max(...[...document.querySelectorAll(".card")].map((card) => Number(card.dataset.index))),
        end: scrollY + innerHeight >= document.documentElement.scrollHeight - 1,
      }));
      maxCards = Math.max(maxCards, state.cards);
      assert.ok(state.cards <= kMaxCards, `${state.cards} cards are on the page`);
      assert.ok(state.elements < 3000, `${state.elements} elements are on the page`);
      seen.add(state.last);
      if (state.last === kTotal - 1) break;
      const before = state.last;
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
      await until(page, (last) => Math.max(...[...document.querySelectorAll(".card")].map((card) => Number(card.dataset.index))) > last, before);
    }
    assert.ok(maxCards > 10 && seen.size > 10);
    const last = page.locator(`.card[data-index="${kTotal - 1}"]`);
    assert.equal(await last.getAttribute("aria-setsize"), String(kTotal));
    await last.scrollIntoViewIfNeeded();
    await until(page, (index) => document.querySelector(`.card[data-index="${index}"] img`).naturalWidth > 0, kTotal - 1);

    await page.evaluate(() => scrollTo(0, 0));
    await until(page, () => document.querySelectorAll('.card[data-index="3"] img.loaded').length === 1);
    await page.focus('.card[data-index="0"] a');
    await page.keyboard.press("End");
    await until(page, (index) => document.activeElement.closest(".card")?.dataset.index === String(index), kTotal - 1);
  });

  it("loads only thumbnails near the visible part", {}, async (page, site) => {
    let thumbnails = 0;
    page.on("request", (request) => (thumbnails += /\/thumbnail/.test(request.url()) ? 1 : 0));
    await open(page, site);
    await until(page, () => document.querySelectorAll(".card img.loaded").length > 5);
    assert.ok(thumbnails <= kMaxCards, `${thumbnails} thumbnails were requested`);
  });
});
