// Layout on a phone and a wide screen, English and Chinese, and no HTML from file names.
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { describe } from "node:test";
import { until, useSite } from "./support/browser.mjs";
import { cards, open } from "./support/steps.mjs";
import { samples } from "./support/server.mjs";

const kPhone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const kEvilName = '<img src=x onerror=document.title=1>"&amp;.jpg';
const kChosen = ["cat.png", "two-cats.jpg", "rocket.jpg", "bar-chart.jpg", "house.tiff", "sunflower.heic", "camera.avif", "bus.webp"];

const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe("looks", () => {
  const it = useSite(kChosen, async (site) => {
    await copyFile(path.join(samples, "dog-face.jpg"), path.join(site.pictures, kEvilName));
    await site.index();
    await site.serve("--root", site.pictures);
  });

  it("fits a phone", kPhone, async (page, site) => {
    await open(page, site);
    assert.equal(await sideways(page), 0);
    await open(page, site, "2*a cat + black - red");
    await until(page, () => document.querySelectorAll(".chip").length === 3);
    assert.equal(await sideways(page), 0);
    const shown = await cards(page);
    assert.ok(shown.every(({ left, width }) => left >= 0 && left + width <= 390), "every picture lies inside");
    assert.ok(shown.every(({ width }) => width > 100), "no picture is too narrow to see");
    const small = await page.$$eval("button", (all) => all.filter((one) => one.checkVisibility())
      .map((one) => one.getBoundingClientRect()).filter(({ width, height }) => width < 24 || height < 24).length);
    assert.equal(small, 0, "everything is large enough for a finger");

    await page.tap('.card[data-index="0"] a');
    await until(page, () => document.querySelector("#viewer-image").naturalWidth > 0);
    for (const part of ["#viewer-image", "#viewer-like", "#viewer-close"]) {
      const box = await page.locator(part).boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y >= 0 && box.y + box.height <= 844, part);
    }
    await page.tap("#viewer-close");
    await page.tap("#library-button");
    await page.waitForSelector("#index-folder");
    assert.equal((await page.locator("#library").boundingBox()).width, 390);
    assert.equal(await sideways(page), 0);
  });

  it("uses a wide screen", { viewport: { width: 2560, height: 1300 } }, async (page, site) => {
    await open(page, site, "a cat");
    assert.equal(await sideways(page), 0);
    const [first] = await cards(page);
    assert.ok(first.height < 400, "pictures do not grow with the screen");
  });

  it("is in Chinese if the browser prefers Chinese", { locale: "zh-CN" }, async (page, site) => {
    await open(page, site);
    assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
    assert.match(await page.getAttribute("#words", "placeholder"), /\p{Script=Han}/u);
    await open(page, site, `item:${(await site.api("items?limit=1")).items[0].id}`);
    assert.match(await page.textContent("#summary"), /\p{Script=Han}/u);
    await page.click("#library-button");
    await page.waitForSelector("#index-folder");
    await page.click('.card[data-index="0"] a');
    // All texts must be Chinese except the names of the program, files and folders, and numbers.
    const foreign = await page.evaluate(() => [...document.body.querySelectorAll("*")]
      .filter((one) => !one.closest("noscript, .brand, .card, #viewer-name, dd"))
      .flatMap((one) => [one.getAttribute("aria-label"), one.placeholder, ...[...one.childNodes].map((node) => node.nodeValue)])
      .filter((text) => text && /[A-Za-z]{3,}/.test(text.replace(/pictures|\S+\.\w+/g, ""))));
    assert.deepEqual(foreign, []);
  });

  it("is in English if the browser prefers another language", { locale: "fr-FR" }, async (page, site) => {
    await open(page, site);
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.equal(await page.getAttribute("#words", "placeholder"), "What are you looking for?");
  });

  it("shows a file name that contains HTML as text", {}, async (page, site) => {
    const { items } = await site.api("items?limit=60");
    const evil = items.find(({ name }) => name === kEvilName);
    await open(page, site, `item:${evil.id}`);
    assert.equal((await cards(page))[0].name, kEvilName);
    assert.equal(await page.textContent(".chip-name"), kEvilName);
    await page.click('.card[data-index="0"] a');
    assert.equal(await page.textContent("#viewer-name"), kEvilName);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.notEqual(await page.title(), "1");
  });

  it("has a strict content security policy", {}, async (page, site) => {
    const response = await page.goto(site.base);
    const policy = response.headers()["content-security-policy"];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:/);
    await page.waitForSelector(".card");
    const inline = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) =>
      (one.tagName === "SCRIPT" && !one.src) || [...one.attributes].some(({ name }) => name.startsWith("on"))).length);
    assert.equal(inline, 0);
  });
});
