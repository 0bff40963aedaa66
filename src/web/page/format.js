// How figures are written for people.
import { locale, words } from "./language.js";

const kUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

export function fileSize(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < kUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(locale, {
    style: "unit", unit: kUnits[unit], unitDisplay: "short", maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

const kDay = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
const kMoment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

// From milliseconds since 1970.
export function day(milliseconds) {
  return kDay.format(milliseconds);
}

export function moment(milliseconds) {
  return kMoment.format(milliseconds);
}

export function count(number) {
  return number.toLocaleString(locale);
}

// A similarity: enough digits to tell neighbours apart.
export function similarity(score) {
  return score.toLocaleString(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
}

export function weight(value) {
  return value.toLocaleString(locale, { maximumFractionDigits: 2 });
}

// Seconds as a person would say them.
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return words("seconds", { count: whole });
  if (whole < 3600) return words("minutes", { count: Math.round(whole / 60) });
  return words("hours", { hours: Math.floor(whole / 3600), minutes: Math.round((whole % 3600) / 60) });
}

// A path's folder, with its slash, and name.
export function splitPath(path) {
  const slash = path.lastIndexOf("/");
  return { folder: path.slice(0, slash + 1), name: path.slice(slash + 1) };
}
