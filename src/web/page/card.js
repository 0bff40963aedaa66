// A picture in the grid: thumbnail, bar and figure, name, folder, size and date.
import { address } from "./api.js";
import { element, icon } from "./dom.js";
import { day, fileSize, similarity, splitPath } from "./format.js";
import { shownAspect } from "./justified_layout.js";
import { words } from "./language.js";

// How much of the bar a score fills: nothing at what meaningless queries score in this library, all of it at the best
// answer's, unless even that is no strong match.
function share(score, { low, high }) {
  return Math.max(0.02, Math.min(1, (score - low) / (high - low)));
}

// What the bars of an answer's pictures are drawn against.
export function scaleOf({ calibration, hits }) {
  const best = hits[0]?.score ?? 1;
  if (!calibration) return { low: Math.min(0, best - 0.1), high: best };
  return { low: calibration.center, high: Math.max(best, calibration.strong, calibration.center + 1e-6) };
}

export function bar(score, scale) {
  const fill = element("span.bar-fill");
  fill.style.width = `${100 * share(score, scale)}%`;
  return element("span.bar", { "aria-hidden": "true" }, fill);
}

const kStrengths = { strong: "strongMatch", fair: "fairMatch", weak: "weakMatch" };

export function strengthWords(strength) {
  return words(kStrengths[strength]);
}

// What a screen reader says of the whole card.
function label(item) {
  const parts = [item.name];
  if (item.score !== undefined) {
    parts.push(words("similarityIs", { figure: similarity(item.score) }), strengthWords(item.strength));
  }
  if (item.id === null) parts.push(words("notInDatabase"));
  return parts.join(", ");
}

function image(item) {
  const aspect = shownAspect(item.width, item.height);
  const sizes = [256, 512].map((size) => `${address.thumbnail(item.id, size)} ${Math.round(size * Math.min(1, aspect))}w`);
  const made = element("img", { alt: "", decoding: "async", draggable: "false" });
  made.addEventListener("load", () => made.classList.add("there"));
  made.addEventListener("error", () => {
    const holder = made.parentElement;
    holder?.classList.add("lost");
    made.replaceWith(icon("lost"));
  });
  made.srcset = sizes.join(", ");
  return made;
}

function caption(item, scale) {
  const { folder } = splitPath(item.path);
  const scored = item.score !== undefined;
  const facts = [];
  if (item.size > 0) facts.push(fileSize(item.size));
  if (item.modified_ms > 0) facts.push(day(item.modified_ms));
  return [
    scored ? bar(item.score, scale) : null,
    element("span.card-line", {},
      element("span.card-name", {}, item.name),
      scored ? element("span.figure", {}, similarity(item.score)) : null),
    // Cut off at its beginning, where all folders are alike.
    element("span.card-path", { dir: "rtl" }, element("bdi", { dir: "ltr" }, folder)),
    element("span.card-line.card-facts", {}, element("span.card-name", {}, facts.join(" \u00b7 "))),
  ].filter(Boolean);
}

export function makeCard(item) {
  const picture = element("span.card-picture");
  if (item.id === null) {
    picture.classList.add("lost");
    picture.append(icon("lost"));
  } else {
    picture.append(image(item));
  }
  const link = element("a.card-link", { href: item.id === null ? null : address.original(item.id) },
    picture, element("span.card-caption"));
  return element("li.card", {}, link);
}

// `item.scale` belongs to the answer that the item is of.
export function updateCard(card, item) {
  if (card.item === item) return;
  card.item = item;
  card.classList.toggle("weak", item.strength === "weak");
  const link = card.firstElementChild;
  link.setAttribute("aria-label", label(item));
  link.title = item.path;
  link.querySelector(".card-caption").replaceChildren(...caption(item, item.scale));
}
