// A picture in the grid: thumbnail, score bar, score, name, folder, size and date.
import { address } from "./api.js";
import { element, icon } from "./dom.js";
import { day, fileSize, similarity, splitPath, title } from "./format.js";
import { shownAspect } from "./justified_layout.js";
import { words } from "./language.js";

// Returns the fraction of the bar that a score fills: from 0 for the score of neutral queries in this library to 1 for
// the best hit, or for a strong match if the best hit is weaker than that.
function fillFraction(score, { low, high }) {
  return Math.max(0.02, Math.min(1, (score - low) / (high - low)));
}

// Returns the scores at the two ends of the bars of an answer's pictures.
export function scaleOf({ calibration, hits }) {
  const best = hits[0]?.score ?? 1;
  if (!calibration) return { low: Math.min(0, best - 0.1), high: best };
  return { low: calibration.center, high: Math.max(best, calibration.strong, calibration.center + 1e-6) };
}

export function bar(score, scale) {
  const fill = element("span.bar-fill");
  fill.style.width = `${100 * fillFraction(score, scale)}%`;
  return element("span.bar", { "aria-hidden": "true" }, fill);
}

const kStrengths = { strong: "strongMatch", fair: "fairMatch", weak: "weakMatch" };

export function strengthWords(strength) {
  return words(kStrengths[strength]);
}

// Returns the text for a whole card that a screen reader reads.
function label(item) {
  const parts = [title(item)];
  if (item.topic) parts.push(item.topic);
  if (item.score !== undefined) {
    parts.push(words("similarityIs", { figure: similarity(item.score) }), strengthWords(item.strength));
  }
  if (item.id === null) parts.push(words("notInDatabase"));
  return parts.join(", ");
}

function image(item) {
  const aspect = shownAspect(item.width, item.height);
  const sizes = [256, 512].map((size) => `${address.thumbnail(item.id, size)} ${Math.round(size * Math.min(1, aspect))}w`);
  const thumbnail = element("img", { alt: "", decoding: "async", draggable: "false" });
  thumbnail.addEventListener("load", () => thumbnail.classList.add("loaded"));
  thumbnail.addEventListener("error", () => {
    thumbnail.parentElement?.classList.add("missing");
    thumbnail.replaceWith(icon("missing"));
  });
  thumbnail.srcset = sizes.join(", ");
  return thumbnail;
}

function caption(item, scale) {
  const folder = item.topic ?? splitPath(item.path).folder;
  const scored = item.score !== undefined;
  const facts = [];
  if (item.size > 0) facts.push(fileSize(item.size));
  if (item.modified_ms > 0 && !item.topic) facts.push(day(item.modified_ms));
  return [
    scored ? bar(item.score, scale) : null,
    element("span.card-line", {},
      element("span.card-name", {}, title(item)),
      scored ? element("span.figure", {}, similarity(item.score)) : null),
    // A long path is cut off at its beginning, which is usually the same for all pictures.
    element("span.card-path", { dir: "rtl" }, element("bdi", { dir: "ltr" }, folder)),
    element("span.card-line.card-facts", {}, element("span.card-name", {}, facts.join(" \u00b7 "))),
  ].filter(Boolean);
}

// Returns the address of the best picture that the server has of an item; a topic's picture has only a thumbnail.
function pictureAddress(item) {
  if (item.id === null) return null;
  return item.topic ? address.thumbnail(item.id, 1600) : address.original(item.id);
}

export function makeCard(item) {
  const picture = element("span.card-picture");
  if (item.id === null) {
    picture.classList.add("missing");
    picture.append(icon("missing"));
  } else {
    picture.append(image(item));
  }
  const link = element("a.card-link", { href: pictureAddress(item) },
    picture, element("span.card-caption"));
  return element("li.card", {}, link);
}

// `item.scale` is the scaleOf() of the item's answer.
export function updateCard(card, item) {
  if (card.item === item) return;
  card.item = item;
  card.classList.toggle("weak", item.strength === "weak");
  const link = card.firstElementChild;
  link.setAttribute("aria-label", label(item));
  link.title = item.path;
  link.querySelector(".card-caption").replaceChildren(...caption(item, item.scale));
}
