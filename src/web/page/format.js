// Formats numbers, sizes, dates and paths for display.
import { locale, words } from "./language.js";

const kUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

// Formatters are created once, because creating one takes longer than all other work for a card.
const kFormats = kUnits.map((unit) => [0, 1].map((digits) =>
  new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits })));
const kCount = new Intl.NumberFormat(locale);
const kSimilarity = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });

export function fileSize(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < kUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return kFormats[unit][value < 10 && unit > 0 ? 1 : 0].format(value);
}

const kDay = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const kInstant = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
const kMoment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

// The argument is in milliseconds since 1970.
export function day(milliseconds) {
  return kDay.format(milliseconds);
}

export function moment(milliseconds) {
  return kMoment.format(milliseconds);
}

// Returns what tells a person which picture it is: when a camera took it, else the name of its file.
export function title(item) {
  return item.topic && item.modified_ms > 0 ? kInstant.format(item.modified_ms) : item.name;
}

export function count(number) {
  return kCount.format(number);
}

// Three decimals, so that the scores of adjacent hits usually differ.
export function similarity(score) {
  return kSimilarity.format(score);
}

export function weight(value) {
  return value.toLocaleString(locale, { maximumFractionDigits: 2 });
}

// Returns a duration in words, rounded to seconds or minutes.
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return words("seconds", { count: whole });
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return words("minutes", { count: minutes });
  return words("hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

// Splits a path into its folder, with the final slash, and its name.
export function splitPath(path) {
  const slash = path.lastIndexOf("/");
  return { folder: path.slice(0, slash + 1), name: path.slice(slash + 1) };
}
