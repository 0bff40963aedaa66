// Steps that several tests share.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { until } from "./browser.mjs";

const kTypes = { jpg: "image/jpeg", png: "image/png", webp: "image/webp", heic: "image/heic", txt: "text/plain" };

// Opens the page with `query` in its address, or the start page. Weak matches are shown as well.
export async function open(page, site, query = "") {
  await page.goto(query === "" ? site.base : `${site.base}?q=${encodeURIComponent(query)}`);
  await page.waitForSelector(query === "" ? ".start .card, #message:not([hidden])" : "body:not(.start) .figure, #show-nearest");
  if (await page.isVisible("#show-nearest")) {
    await page.click("#show-nearest");
    await page.focus("#words");
  }
}

// Runs `act`, waits for the answer to `query` until its first picture is shown, and returns the answer.
export async function answerTo(page, query, act) {
  const awaited = page.waitForResponse((response) => {
    const url = new URL(response.url());
    return url.pathname === "/api/search" && response.ok() && (query === null || url.searchParams.get("q") === query);
  });
  await act();
  const answer = await (await awaited).json();
  if (answer.verdict !== "weak") await firstCard(page, answer.hits[0].name);
  return answer;
}

// Waits until the first picture has this name.
export function firstCard(page, name) {
  return until(page, (wanted) => document.querySelector('.card[data-index="0"] .card-name')?.textContent === wanted, name);
}

// Returns the cards on the page in document order.
export function cards(page) {
  return page.$$eval(".card", (all) => all.map((card) => ({
    index: Number(card.dataset.index),
    name: card.querySelector(".card-name").textContent,
    figure: card.querySelector(".figure")?.textContent ?? null,
    folder: card.querySelector(".card-path").textContent,
    facts: card.querySelector(".card-facts").textContent,
    filled: card.querySelector(".bar-fill")?.style.width ?? null,
    weak: card.classList.contains("weak"),
    left: card.getBoundingClientRect().left,
    top: card.getBoundingClientRect().top,
    width: card.getBoundingClientRect().width,
    height: card.getBoundingClientRect().height,
  })));
}

export function chipNames(page) {
  return page.$$eval(".chip", (all) => all.map((chip) => `${chip.classList.contains("minus") ? "-" : "+"}${chip.querySelector(".chip-name").textContent}`));
}

async function transfer(page, files) {
  const contents = [];
  for (const file of files) {
    const name = path.basename(file);
    contents.push({ name, type: kTypes[name.split(".").pop()] ?? "", data: (await readFile(file)).toString("base64") });
  }
  return page.evaluateHandle((all) => {
    const made = new DataTransfer();
    for (const { name, type, data } of all) {
      made.items.add(new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], name, { type }));
    }
    return made;
  }, contents);
}

export async function dragOver(page, ...files) {
  const dataTransfer = await transfer(page, files);
  await page.dispatchEvent("body", "dragenter", { dataTransfer });
  await page.dispatchEvent("body", "dragover", { dataTransfer });
  return async () => page.dispatchEvent("body", "drop", { dataTransfer });
}

export async function drop(page, ...files) {
  const release = await dragOver(page, ...files);
  await release();
}

export async function paste(page, file) {
  const clipboardData = await transfer(page, [file]);
  await page.evaluate((data) => document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })), clipboardData);
}
