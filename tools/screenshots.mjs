#!/usr/bin/env node
// Takes the screenshots of the page in docs/ with the built program and samples/:
//
//   ctest --preset release -R '^browser/'      # once: fetches playwright-core
//   tools/screenshots.mjs [NAME...]            # all of them, or the named ones: start search picture mixed ...
//
// The paths that they show begin with $CLIPSEEK_SCREENSHOT_HOME, a folder that this program creates and removes; without
// the variable it uses the system's temporary folder. Chinese text needs a font: Debian's fonts-noto-cjk.
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const source = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const built = path.join(source, "build", "release");
process.env.CLIPSEEK_SOURCE ??= source;
process.env.CLIPSEEK_PROGRAM ??= path.join(built, "clipseek");
process.env.CLIPSEEK_BROWSER_PACKAGES ??= path.join(built, "browser");
process.env.CLIPSEEK_CHROMIUM ??= "/usr/bin/chromium";
const { launch, until } = await import("../tests/browser/support/browser.mjs");
const { Site, samples } = await import("../tests/browser/support/server.mjs");
const { open } = await import("../tests/browser/support/steps.mjs");

const kWide = { viewport: { width: 1280, height: 800 } };
const kPhone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true };
const kBusy = 1000; // pictures, enough for a run that takes some time
const kMaxBytes = 300_000; // of a picture in docs/

async function idOf(site, name) {
  const { items } = await site.api("items?limit=200");
  return items.find((item) => item.name === name).id;
}

async function openPicture(page, index) {
  await page.click(`.card[data-index="${index}"] a`);
  await until(page, () => document.querySelector("#viewer-image").complete);
}

async function mix(page, site) {
  await open(page, site, `item:${await idOf(site, "cat.png")} + 2*a blue background - a house`);
  await until(page, () => document.querySelectorAll(".chip").length === 3);
}

async function indexing(page, site) {
  const folder = path.join(site.pictures, "2024");
  await mkdir(folder);
  const content = await readFile(path.join(samples, "landscape.png"));
  for (let index = 0; index < kBusy; ++index) {
    const kept = index % 90 === 40 ? content.subarray(0, 200) : content;
    await writeFile(path.join(folder, `IMG_${1000 + index}.png`), Buffer.concat([kept, Buffer.from(String(index))]));
  }
  await open(page, site, "a sailboat");
  await page.click("#library-button");
  await page.click(".folder-list button >> text=2024");
  await page.click("#index-folder >> text=2024");
  await page.waitForSelector(".failures li", { state: "attached" });
  await until(page, () => document.querySelector("#job progress").position > 0.33);
  await page.click(".failures summary");
}

const kPictures = {
  start: { ...kWide, show: (page, site) => open(page, site) },
  search: { ...kWide, show: (page, site) => open(page, site, "an elephant") },
  picture: { ...kWide, show: async (page, site) => {
    await open(page, site, "a rocket");
    await openPicture(page, 0);
  } },
  mixed: { ...kWide, show: mix },
  dark: { ...kWide, colorScheme: "dark", show: (page, site) => open(page, site, "a chart") },
  phone: { ...kPhone, show: mix },
  "phone-picture": { ...kPhone, colorScheme: "dark", show: async (page, site) => {
    await open(page, site, "a rocket");
    await openPicture(page, 0);
  } },
  chinese: { ...kWide, locale: "zh-CN", show: (page, site) => open(page, site, "大象") },
  indexing: { ...kWide, show: indexing },
};

async function makeSite() {
  const site = new Site();
  const home = process.env.CLIPSEEK_SCREENSHOT_HOME;
  if (home) await mkdir(home); // must be a new folder, because it is removed at the end
  site.folder = home ?? await mkdtemp(path.join(os.tmpdir(), "clipseek-screenshots-"));
  site.pictures = path.join(site.folder, "Pictures");
  site.database = path.join(site.folder, "clip.db");
  await cp(samples, site.pictures, { recursive: true, filter: (name) => !name.endsWith(".md") });
  await site.index();
  await site.serve("--root", site.pictures);
  return site;
}

async function take(browser, site, name) {
  const { show, ...options } = kPictures[name];
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  await show(page, site);
  // Waits until all visible pictures are loaded and no animation runs.
  await until(page, () => [...document.querySelectorAll(".card img")].every((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return bottom < 0 || top > innerHeight || getComputedStyle(one).opacity > 0.7;
  }) && document.getAnimations().every((one) => one.playState !== "running"));
  const file = path.join(source, "docs", `page-${name}.png`);
  await page.screenshot({ path: file });
  await context.close();
  const { size } = await stat(file);
  console.log(`${path.relative(source, file)}: ${size} bytes${size > kMaxBytes ? ", which is too large" : ""}`);
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(kPictures);
const site = await makeSite();
const browser = await launch();
try {
  for (const name of names) await take(browser, site, name);
} finally {
  await browser.close();
  await site.close();
}
