// Shows one picture in a modal dialog. The browser keeps the focus inside and closes it for Esc; the browser's back
// button closes it too, as users of a phone expect.
import { address } from "./api.js";
import { bar, strengthWords } from "./card.js";
import { byId, element } from "./dom.js";
import { count, fileSize, moment, similarity, title } from "./format.js";
import { words } from "./language.js";

const kLarge = 1600;
const kSmallest = 640;
const kSwipe = 50; // CSS pixels

// Returns the width at which a large picture is not enlarged and a very small one is still easy to see.
function naturalWidth({ width, height }) {
  const longer = Math.max(width, height);
  return width * Math.max(Math.min(1, kLarge / longer), Math.min(kSmallest / longer, 4));
}

// The clipboard API exists only in a secure context (TLS or localhost); elsewhere the old command still works.
async function copy(text, inside) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea.visually-hidden", { "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    inside.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

export class Viewer {
  // grid: the Grid whose pictures are shown. like(item) and add(item) are called for the buttons "More like this" and
  // "Add to search".
  constructor(grid, { like, add }) {
    this.grid = grid;
    this.dialog = byId("viewer");
    this.image = byId("viewer-image");
    this.index = 0;
    const button = (id, action) => byId(id).addEventListener("click", action);
    button("viewer-close", () => this.close());
    button("viewer-previous", () => this.show(this.index - 1));
    button("viewer-next", () => this.show(this.index + 1));
    button("viewer-copy", () => this.copyPath());
    button("viewer-like", () => this.leaveFor(like));
    button("viewer-add", () => this.leaveFor(add));
    this.dialog.addEventListener("keydown", (event) => this.move(event));
    this.dialog.addEventListener("close", () => this.closed());
    this.listenToSwipes(byId("viewer-stage"));
    addEventListener("popstate", () => this.dialog.close());
  }

  get item() {
    return this.grid.items[this.index];
  }

  open(index) {
    if (!this.grid.items[index]) return;
    history.pushState({ viewer: true }, "");
    this.dialog.showModal();
    this.show(index);
    byId("viewer-next").focus();
  }

  close() {
    this.dialog.close();
  }

  // Runs however the dialog was closed. Its history entry is removed first, because the next action may add another one.
  closed() {
    const next = this.next ?? (() => this.grid.focus(this.index));
    this.next = null;
    if (!history.state?.viewer) {
      next();
      return;
    }
    addEventListener("popstate", next, { once: true });
    history.back();
  }

  leaveFor(action) {
    const { item } = this;
    this.next = () => action(item);
    this.close();
  }

  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step && !event.altKey && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      this.show(this.index + step);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      this.show(event.key === "Home" ? 0 : this.grid.items.length - 1);
    }
  }

  show(index) {
    if (!this.grid.items[index]) return;
    this.index = index;
    const { item } = this;
    const { items, total } = this.grid;
    this.showSteps();
    if (!this.dialog.contains(document.activeElement) || document.activeElement.disabled) byId("viewer-close").focus();
    this.showImage(item);
    byId("viewer-name").textContent = title(item);
    this.showScore(item);
    this.showFacts(item);
    this.nameCopyButton("copyPath");
    byId("viewer-open").href = item.id === null ? "" : address.original(item.id);
    for (const id of ["viewer-like", "viewer-add"]) byId(id).hidden = item.id === null;
    byId("viewer-open").hidden = item.id === null || Boolean(item.topic);
    byId("viewer-status").textContent = words("pictureOf", { name: title(item), index: index + 1, count: total });
    if (index + 10 >= items.length) this.grid.more().then(() => this.showSteps());
    this.fetchNeighbours(index);
  }

  showSteps() {
    byId("viewer-previous").disabled = this.index === 0;
    byId("viewer-next").disabled = this.index + 1 >= this.grid.items.length;
  }

  // The thumbnail, which the browser has already loaded, is shown until the large picture has loaded.
  showImage(item) {
    const image = element("img", { id: "viewer-image", alt: title(item), draggable: "false", onerror: () => this.showMissing() });
    this.image.replaceWith(image);
    this.image = image;
    byId("viewer-missing").hidden = true;
    if (item.id === null) {
      this.showMissing();
      return;
    }
    if (item.width > 0) {
      image.style.setProperty("--aspect", item.width / item.height);
      image.style.setProperty("--natural", `${naturalWidth(item)}px`);
    }
    image.style.backgroundImage = `url("${address.thumbnail(item.id, 256)}")`;
    image.src = address.thumbnail(item.id, kLarge);
  }

  showMissing() {
    if (!this.dialog.open) return;
    this.image.hidden = true;
    byId("viewer-missing").hidden = false;
    const gone = this.item.topic ? "noThumbnail" : "fileGone";
    byId("viewer-missing").textContent = words(this.item.id === null ? "notInDatabase" : gone);
  }

  showScore(item) {
    const scored = item.score !== undefined;
    const strength = byId("viewer-score");
    strength.className = item.strength === "weak" ? "weak" : "";
    strength.replaceChildren(...(scored ? [
      element("span.card-line", {},
        element("span", {}, strengthWords(item.strength)), element("span.figure", {}, similarity(item.score))),
      bar(item.score, item.scale),
    ] : []));
  }

  showFacts(item) {
    const facts = [[words("position"), words("positionOf", { index: this.index + 1, count: this.grid.total })]];
    if (item.topic) facts.push([words("topic"), item.topic]);
    facts.push([words("path"), item.path]);
    if (item.width > 0) facts.push([words("dimensions"), `${count(item.width)} \u00d7 ${count(item.height)}`]);
    if (item.size > 0) facts.push([words("size"), fileSize(item.size)]);
    if (item.modified_ms > 0) facts.push([words("date"), moment(item.modified_ms)]);
    byId("viewer-facts").replaceChildren(
      ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }

  async copyPath() {
    const done = await copy(this.item.path, this.dialog);
    this.nameCopyButton(done ? "copied" : "notCopied");
    byId("viewer-status").textContent = words(done ? "copied" : "notCopied");
  }

  nameCopyButton(key) {
    byId("viewer-copy-words").textContent = words(key);
    byId("viewer-copy").querySelector("use").setAttribute("href", key === "copied" ? "#icon-check" : "#icon-copy");
  }

  fetchNeighbours(index) {
    for (const item of [this.grid.items[index + 1], this.grid.items[index - 1]]) {
      if (item?.id) new Image().src = address.thumbnail(item.id, kLarge);
    }
  }

  listenToSwipes(stage) {
    let start = null;
    stage.addEventListener("pointerdown", (event) => {
      start = event.isPrimary && event.pointerType === "touch" ? event.clientX : null;
    });
    stage.addEventListener("pointerup", (event) => {
      if (start === null) return;
      const moved = event.clientX - start;
      if (Math.abs(moved) > kSwipe) this.show(this.index + (moved < 0 ? 1 : -1));
      start = null;
    });
  }
}
