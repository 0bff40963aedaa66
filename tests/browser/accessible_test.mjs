// Accessibility: contrast of all text in light and dark mode, names, tab order, zoom, reduced motion.
import assert from "node:assert/strict";
import path from "node:path";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { open } from "./support/steps.mjs";
import { clipseek } from "./support/server.mjs";

const kMinContrast = 4.5; // WCAG 2.2, 1.4.3, for text of any size

// Returns all visible texts whose contrast with their background is below `minimum`. Pictures are ignored, because no
// text lies on one, and so are disabled controls.
function lowContrast(page, minimum = kMinContrast) {
  return page.evaluate((wanted) => {
    const parse = (color) => {
      const canvas = new OffscreenCanvas(1, 1).getContext("2d");
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      return { rgb: [red, green, blue], alpha: alpha / 255 };
    };
    const over = ({ rgb, alpha }, below) => rgb.map((value, at) => value * alpha + below[at] * (1 - alpha));
    const luminance = (rgb) => {
      const [red, green, blue] = rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const lineage = (one) => (one ? [...lineage(one.parentElement), one] : []);
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const roots = document.querySelector("dialog[open]") ?? document.body;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const one = node.parentElement;
      const text = node.nodeValue.trim();
      if (text === "" || !roots.contains(one) || !one.checkVisibility({ visibilityProperty: true }) || one.closest(".visually-hidden, :disabled, noscript, svg")) continue;
      let paper = [255, 255, 255];
      let opacity = 1;
      for (const each of [document.documentElement, ...lineage(one).slice(1)]) {
        paper = over(parse(getComputedStyle(each).backgroundColor), paper);
        opacity *= Number(getComputedStyle(each).opacity);
      }
      const color = parse(getComputedStyle(one).color);
      const ink = over({ rgb: color.rgb, alpha: color.alpha * opacity }, paper);
      const [low, high] = [luminance(ink), luminance(paper)].sort((a, b) => a - b);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < wanted) found.push(`${one.className || one.tagName}: "${text}" has ${ratio.toFixed(2)}`);
    }
    return found;
  }, minimum);
}

// Returns the tab stops of the first `count` presses of Tab from the beginning of the page.
async function stops(page, count) {
  await page.focus("#brand");
  const names = [];
  for (let step = 0; step < count; ++step) {
    await page.keyboard.press("Tab");
    names.push(await page.evaluate(() => {
      const one = document.activeElement;
      return one.closest(".card") ? "card" : one.id || one.dataset.part;
    }));
  }
  return names;
}

describe("accessibility", () => {
  const it = useSite(null, async (site) => {
    site.results = path.join(site.folder, "result");
    await site.index();
    await clipseek("search", "--db", site.database, "-k", "3", "--links", site.results, "a cat");
    await site.serve("--root", site.pictures, "--results", site.results);
  });

  for (const colorScheme of ["light", "dark"]) {
    it(`all text has enough contrast in ${colorScheme} mode`, { colorScheme, reducedMotion: "reduce", allowed: /status of 400/ }, async (page, site) => {
      await open(page, site);
      assert.deepEqual(await lowContrast(page), []);
      assert.ok((await lowContrast(page, 22)).length > 20, "the check examines the page");
      const paper = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assert.ok(colorScheme === "dark" ? /^rgb\(2\d, 2\d, 2\d\)$/.test(paper) : /^rgb\(2\d\d, 2\d\d, 2\d\d\)$/.test(paper), paper);
      await open(page, site, "2*a cat + black - red");
      await until(page, () => document.querySelectorAll(".chip").length === 3);
      assert.deepEqual(await lowContrast(page), []);
      assert.ok(await page.locator(".card.weak .figure").count() > 0);
      await page.fill("#words", "a cat + - red");
      await page.waitForSelector("#query-problem:not([hidden])");
      assert.deepEqual(await lowContrast(page), []);
      await page.goto(`${site.base}?q=quantum mechanics`);
      await page.waitForSelector("#message:not([hidden])");
      assert.deepEqual(await lowContrast(page), []);
      await page.click("#library-button");
      await page.click("#index-folder");
      await until(page, () => document.querySelector("#job h3")?.textContent === "Indexing ended");
      assert.deepEqual(await lowContrast(page), []);
      await page.click("#show-nearest");
      await page.click('.card[data-index="0"] a');
      await page.waitForSelector("#viewer[open]");
      assert.deepEqual(await lowContrast(page), []);
    });
  }

  it("nothing moves with reduced motion", { reducedMotion: "reduce" }, async (page, site) => {
    await open(page, site, "a cat");
    const moving = () => page.$$eval("*", (all) => all.filter((one) => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
      return animationName !== "none" || !/^0s(, 0s)*$/.test(transitionDuration) || scrollBehavior === "smooth";
    }).map((one) => one.className || one.tagName));
    assert.deepEqual(await moving(), []);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    assert.notDeepEqual(await moving(), []);
  });

  it("the tab order follows the visual order", {}, async (page, site) => {
    await open(page, site, "a cat - red");
    await until(page, () => document.querySelectorAll(".chip").length === 2);
    const chip = ["sign", "weight", "remove"];
    assert.deepEqual(await stops(page, 12), ["words", "clear", "choose", ...chip, ...chip, "results-button", "library-button", "card"]);
  });

  it("has a name for every control on a narrow page", { viewport: { width: 360, height: 700 } }, async (page, site) => {
    await open(page, site, "a cat");
    for (const [role, name] of [["link", "clipseek"], ["searchbox", "Search for pictures"], ["button", "Clear search"],
      ["button", "Search with a picture"], ["button", "Result folder"], ["button", "Library: 120 pictures"]]) {
      assert.equal(await page.getByRole(role, { name, exact: true }).count(), 1, `${role} ${name}`);
    }
  });

  // WCAG 2.2, 1.4.10: 320 CSS pixels, which is a page of 1280 pixels at a zoom of 400 percent.
  it("needs no horizontal scrolling at 320 pixels", { viewport: { width: 320, height: 640 } }, async (page, site) => {
    const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    const outside = () => page.$$eval("button, a, input, h2, p, dd", (all) => all.filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
      .filter((one) => one.getBoundingClientRect().right > 321 || one.getBoundingClientRect().left < -1).map((one) => one.id || one.className || one.tagName));
    await open(page, site);
    assert.deepEqual([await sideways(), await outside()], [0, []]);
    await open(page, site, "2*a cat on a blue background + black - red");
    await until(page, () => document.querySelectorAll(".chip").length === 3);
    assert.deepEqual([await sideways(), await outside()], [0, []]);
    await page.click('.card[data-index="0"] a');
    assert.deepEqual([await sideways(), await outside()], [0, []]);
    await page.click("#viewer-close");
    await page.click("#library-button");
    await page.waitForSelector("#index-folder");
    assert.deepEqual([await sideways(), await outside()], [0, []]);
  });

  it("shows the viewer's actions on a phone in landscape orientation", { viewport: { width: 780, height: 360 }, isMobile: true, hasTouch: true }, async (page, site) => {
    await open(page, site, "a rocket");
    await page.tap('.card[data-index="0"] a');
    for (const part of ["#viewer-close", "#viewer-like", "#viewer-open"]) {
      const { y, height } = await page.locator(part).boundingBox();
      assert.ok(y >= 0 && y + height <= 360, part);
    }
  });
});
