// The part below the search bar: the newest pictures on the start page, the hits of a search with a summary, or a message
// if no pictures were found.
import { scaleOf } from "./card.js";
import { byId, element, icon } from "./dom.js";
import { words } from "./language.js";

// The title of the first group depends on the strength of the best hit; strong matches need no title.
const kFirstTitles = { strong: "", fair: "fairMatches", weak: "nearest" };
const kTitles = { fair: "fairMatches", weak: "weakMatches" };

// Returns the start and title of each group of equal strength. Strength never increases from one hit to the next.
function sectionsOf(entries) {
  const sections = [];
  entries.forEach(({ strength }, start) => {
    if (start > 0 && strength === entries[start - 1].strength) return;
    const key = (start === 0 ? kFirstTitles : kTitles)[strength];
    sections.push({ start, title: key ? words(key) : "" });
  });
  return sections;
}

function countOf(entries, strength) {
  return entries.filter((entry) => entry.strength === strength).length;
}

export class ResultsView {
  // openLibrary() is called when the user wants to add pictures.
  constructor(grid, { openLibrary }) {
    this.grid = grid;
    this.openLibrary = openLibrary;
    this.summary = byId("summary");
    this.message = byId("message");
    this.list = null;
    this.prepare = (entries) => entries;
    grid.more = () => this.more();
  }

  // Loads the next page of the list as the user scrolls.
  async more() {
    const { list } = this;
    if ((await list?.more()) && list === this.list) this.showList();
  }

  showList() {
    this.list.entries = this.prepare(this.list.entries);
    this.grid.show(this.list.entries, { total: this.list.total, sections: this.sections() });
  }

  sections() {
    return this.scored ? sectionsOf(this.list.entries) : [{ start: 0, title: this.title ?? "" }];
  }

  // Sets the summary, which screen readers announce; with visible = false only they get it.
  announce(text, visible = text !== "") {
    this.summary.className = visible ? "summary" : "visually-hidden";
    if (this.summary.textContent !== text) this.summary.textContent = text;
  }

  showMessage(symbol, title, text, action = null) {
    this.message.hidden = false;
    this.message.replaceChildren(...[icon(symbol), element("h2", {}, title), element("p.quiet", {}, text), action].filter(Boolean));
  }

  hideMessage() {
    this.message.hidden = true;
    this.message.replaceChildren();
  }

  showGrid(visible) {
    this.grid.container.hidden = !visible;
  }

  // `list` contains the newest pictures of the library, without scores.
  showNewest(list) {
    if (this.shown !== "newest") this.grid.rewind();
    this.shown = "newest";
    this.scored = false;
    this.prepare = (entries) => entries;
    this.list = list;
    this.title = list.total > 0 ? words("newest") : "";
    this.announce("");
    this.hideMessage();
    this.showGrid(true);
    this.showList();
    if (list.total === 0) this.showEmptyMessage();
  }

  showEmptyMessage() {
    this.showMessage("library", words("emptyTitle"), words("emptyText"),
      element("button.button.main", { type: "button", onclick: () => this.openLibrary() }, icon("folder"), words("addFolder")));
  }

  // `same`: the query has not changed, only the library, so the scroll position is kept.
  answer(answer, list, same = false) {
    const scale = scaleOf(answer);
    this.shown = "answer";
    this.scored = true;
    this.prepare = (entries) => entries.map((entry) => (entry.scale === scale ? entry : { ...entry, scale }));
    this.list = list;
    if (!same) this.grid.rewind();
    if (answer.verdict === "none") this.showEmptyLibrary();
    else if (answer.verdict === "weak") this.showNoMatches(answer);
    else this.showMatches(answer);
  }

  showMatches(answer) {
    const { entries } = this.list;
    this.hideMessage();
    this.showGrid(true);
    this.showList();
    const strong = countOf(entries, "strong");
    const more = this.list.total > entries.length && strong === entries.length;
    const fair = countOf(entries, "fair");
    const found = strong > 0
      ? words(more ? "strongAtLeast" : "strongCount", { count: strong })
      : words("fairCount", { count: fair });
    this.announce(`${found} \u00b7 ${words("searched", { count: answer.total })}`);
  }

  // Weak hits are no better than random pictures, so they are shown only when the user asks for them.
  showNoMatches(answer) {
    this.showGrid(false);
    this.grid.show([]);
    this.announce(words("noMatches"), false);
    const show = () => {
      this.hideMessage();
      this.showGrid(true);
      this.showList();
      this.announce(words("noMatchesBelow"));
      this.grid.focus(0);
    };
    this.showMessage("search", words("noMatches"), words("noMatchesText", { count: answer.total }),
      element("button.button", { type: "button", id: "show-nearest", onclick: show }, words("showNearest")));
  }

  showEmptyLibrary() {
    this.showGrid(false);
    this.grid.show([]);
    this.announce("");
    this.showEmptyMessage();
  }

  // Shows the entries of the result folder in the order of their links, without scores.
  folder({ folder, entries }) {
    this.shown = "folder";
    this.scored = false;
    this.prepare = (all) => all;
    this.title = "";
    this.list = { entries: entries.map((entry) => ({ ...entry, key: `${entry.link} ${entry.path}` })), total: entries.length, more: async () => false };
    this.hideMessage();
    this.showGrid(entries.length > 0);
    this.showList();
    this.announce(`${words("resultFolder")} ${folder} \u00b7 ${words("pictureCount", { count: entries.length })}`);
    if (entries.length === 0) this.showMessage("folder", words("folderEmptyTitle"), words("folderEmptyText", { folder }));
  }
}

// Returns a text for an ApiError; the server's own message for a code that has no text.
export function problemWords(error) {
  const known = {
    unreachable: "serverUnreachable", unknown_picture: "unknownPicture", bad_query: "badQuery", model_mismatch: "otherModel",
    unsupported: "notAPicture", corrupt: "damagedPicture", limit_exceeded: "tooLarge", query_too_long: "queryTooLong", busy: "serverBusy",
  };
  const key = known[error.code];
  const message = error.message.replace(/^invalid query: /, "");
  return key ? words(key, { message }) : message;
}

