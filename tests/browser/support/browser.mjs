// Opens the page in Chromium. Every test fails if the console shows an error or a warning, or if the page requests
// something from another host.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { Site } from "./server.mjs";

// The packages are installed in the build folder, not beside the tests.
const { chromium } = createRequire(path.join(process.env.CLIPSEEK_BROWSER_PACKAGES, "/"))("playwright-core");

const kTimeout = 60_000;
const kArguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

export function launch() {
  return chromium.launch({ executablePath: process.env.CLIPSEEK_CHROMIUM, headless: true, args: kArguments });
}

// Records in page.problems what must not happen.
export function watch(page, base) {
  page.problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => page.problems.push(`exception: ${error.stack}`));
  page.context().on("request", (request) => {
    const url = new URL(request.url());
    const local = ["blob:", "data:"].includes(url.protocol) || url.origin === new URL(base).origin;
    if (!local) page.problems.push(`request to another host: ${url}`);
  });
}

async function saveScreenshot(page, name) {
  const folder = process.env.CLIPSEEK_BROWSER_PACKAGES;
  await mkdir(path.join(folder, "failures"), { recursive: true });
  await page.screenshot({ path: path.join(folder, "failures", `${name.replace(/\W+/g, "-")}.png`) });
}

// Provides a server and a browser for the tests of a file; prepare(site) fills the database and starts the server.
// Returns a function that defines a test: it(name, context options, body(page, site)).
export function useSite(samples, prepare) {
  const holder = {};
  before(async () => {
    holder.site = await Site.make(samples);
    holder.browser = await launch();
    await prepare(holder.site);
  }, { timeout: 2 * kTimeout });
  after(async () => {
    await holder.browser?.close();
    await holder.site?.close();
  }, { timeout: 2 * kTimeout });

  // `allowed` matches the problems that a test causes on purpose.
  function siteTest(name, options, body) {
    const { allowed = null, ...contextOptions } = options;
    test(name, { timeout: 5 * kTimeout }, async () => {
      const context = await holder.browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...contextOptions });
      context.setDefaultTimeout(kTimeout);
      const page = await context.newPage();
      watch(page, holder.site.base);
      try {
        await body(page, holder.site);
        assert.deepEqual(page.problems.filter((problem) => !allowed?.test(problem)), []);
      } catch (error) {
        await saveScreenshot(page, name);
        throw error;
      } finally {
        await context.close();
      }
    });
  }
  return siteTest;
}

// Waits until `check`, a function of the page and `argument`, is true in the page.
export function until(page, check, argument) {
  return page.waitForFunction(check, argument, { polling: 50 });
}
