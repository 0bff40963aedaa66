// The parts of a mixed query, each with its sign, its weight and a way to remove it.
import { address } from "./api.js";
import { element, icon } from "./dom.js";
import { weight as weightWords } from "./format.js";
import { words } from "./language.js";

const kWeights = [0.5, 1, 2, 3];

// Returns the next weight in the list, up (1) or down (-1); the list wraps around.
function nextWeight(size, direction) {
  const nearest = kWeights.reduce((best, one) => (Math.abs(one - size) < Math.abs(best - size) ? one : best));
  return kWeights[(kWeights.indexOf(nearest) + direction + kWeights.length) % kWeights.length];
}

const previews = new WeakMap(); // file to its canvas, or to an icon

// Returns a preview of an uploaded file, or an icon if the browser cannot decode the format (such as HEIC).
function preview(file) {
  if (previews.has(file)) return previews.get(file);
  const canvas = element("canvas.chip-picture", { width: 60, height: 60, "aria-hidden": "true" });
  previews.set(file, canvas);
  createImageBitmap(file).then((bitmap) => {
    const side = Math.min(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap,
      (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, 60, 60);
    bitmap.close();
  }, () => {
    previews.set(file, icon("picture"));
    canvas.replaceWith(previews.get(file));
  });
  return canvas;
}

function thumbnail(part) {
  if (part.kind === "item") return element("img.chip-picture", { src: address.thumbnail(part.id, 256), alt: "" });
  if (part.kind === "upload" && part.picture?.file) return preview(part.picture.file);
  return part.kind === "upload" ? icon("picture") : null;
}

// part: {kind, name, weight, id?, picture?}. set(weight) changes the weight; 0 removes the part.
function chip(part, alone, set) {
  const { weight } = part;
  const name = part.name ?? words("uploadedPicture");
  const sign = Math.sign(weight);
  const size = Math.abs(weight);
  const step = (direction) => set(sign * nextWeight(size, direction));
  const signButton = element("button", {
    type: "button", "data-part": "sign", title: words(sign > 0 ? "exclude" : "include"),
    "aria-label": words(sign > 0 ? "excludePart" : "includePart", { name }), onclick: () => set(-weight),
  }, icon(sign > 0 ? "plus" : "minus"));
  const weightButton = element("button", {
    type: "button", "data-part": "weight", title: words("weightHelp"),
    "aria-label": words("weightOf", { name, weight: weightWords(size) }), onclick: () => step(1),
    onkeydown: (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      step(event.key === "ArrowUp" ? 1 : -1);
    },
  }, `${weightWords(size)}\u00d7`);
  const removeButton = element("button", {
    type: "button", "data-part": "remove", title: words("remove"), "aria-label": words("removePart", { name }), onclick: () => set(0),
  }, icon("close"));
  return element(sign < 0 ? "li.chip.minus" : "li.chip", {},
    alone ? null : signButton, thumbnail(part), element("span.chip-name", { title: name }, name),
    alone && size === 1 ? null : weightButton, removeButton);
}

// Shows `parts` in `list` and keeps the focus on the same button. set(index, weight) is called for a change.
export function showChips(list, parts, set) {
  const focused = document.activeElement?.closest(".chip");
  const at = focused ? [...list.children].indexOf(focused) : -1;
  const button = document.activeElement?.dataset.part;
  list.replaceChildren(...parts.map((part, index) =>
    chip(part, parts.length === 1 && part.weight > 0, (weight) => set(index, weight))));
  list.hidden = parts.length === 0;
  if (at < 0) return;
  const chipAtFocus = list.children[Math.min(at, list.children.length - 1)];
  (chipAtFocus?.querySelector(`[data-part="${button}"]`) ?? chipAtFocus?.querySelector("button"))?.focus();
}
