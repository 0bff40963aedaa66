// The page's texts in the browser's preferred language among those available.
import { english } from "./words_en.js";
import { chinese } from "./words_zh.js";

const kTables = { en: english, zh: chinese };

function preferred() {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const language = tag.toLowerCase().split("-")[0];
    if (language in kTables) return language;
  }
  return "en";
}

export const language = preferred();
// Numbers and dates follow the browser's regional variant: en-GB and en-US write dates differently.
export const locale =
  (navigator.languages ?? []).find((tag) => tag.toLowerCase().startsWith(language)) ?? language;

const plural = new Intl.PluralRules(locale);

// Returns the text for `key`, with each {name} replaced by values.name. If the text has plural forms, values.count
// selects one.
export function words(key, values = {}) {
  let text = kTables[language][key];
  if (typeof text === "object") text = text[plural.select(values.count)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? value.toLocaleString(locale) : value;
  });
}

// Fills in the texts that index.html names: data-words is an element's text, data-label its accessible name and tooltip,
// data-hint a field's placeholder.
export function translate(root) {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of root.querySelectorAll("[data-words]")) node.textContent = words(node.dataset.words);
  for (const node of root.querySelectorAll("[data-hint]")) node.placeholder = words(node.dataset.hint);
  for (const node of root.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", words(node.dataset.label));
    if (node.matches("button, a")) node.title = words(node.dataset.label);
  }
}
