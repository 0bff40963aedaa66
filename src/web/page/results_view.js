// Everything below the search bar: the newest pictures before the first question, an answer's pictures with what
// there is to say about them, or why there are none.
import { scaleOf } from "./card.js";
import { byId, element, icon } from "./dom.js";
import { words } from "./language.js";

// The best answer's strength decides how the first group is called; a strong one needs no name.
const kFirstTitles = { strong: "", fair: "fairMatches", weak: "nearest" };
const kTitles = { fair: "fairMatches", weak: "weakMatches" };

// Where the groups of equal strength begin. Strength never rises further down.
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
  // more() is called when the grid has been given a longer list; openLibrary() for who wants to add pictures.
  constructor(grid, { openLibrary }) {
    this.grid = grid;
    this.openLibrary = openLibrary;
    this.summary = byId("summary");
    this.message = byId("message");
    this.list = null;
    this.prepare = (entries) => entries;
    grid.more = () => this.more();
  }

  // The rest of the list that is shown, as the person scrolls on.
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

  // Screen readers say it too, also where the eye gets it from elsewhere.
  say(text, seen = text !== "") {
    this.summary.className = seen ? "summary" : "unseen";
    if (this.summary.textContent !== text) this.summary.textContent = text;
  }

  tell(symbol, title, text, action = null) {
    this.message.hidden = false;
    this.message.replaceChildren(...[icon(symbol), element("h2", {}, title), element("p.quiet", {}, text), action].filter(Boolean));
  }

  untell() {
    this.message.hidden = true;
    this.message.replaceChildren();
  }

  showGrid(visible) {
    this.grid.container.hidden = !visible;
  }

  // `list` holds the newest pictures of the library, not ranked.
  fresh(list) {
    if (this.shown !== "newest") this.grid.rewind();
    this.shown = "newest";
    this.scored = false;
    this.prepare = (entries) => entries;
    this.list = list;
    this.title = list.total > 0 ? words("newest") : "";
    this.say("");
    this.untell();
    this.showGrid(true);
    this.showList();
    if (list.total === 0) this.tellEmpty();
  }

  tellEmpty() {
    this.tell("library", words("emptyTitle"), words("emptyText"),
      element("button.button.main", { type: "button", onclick: () => this.openLibrary() }, icon("folder"), words("addFolder")));
  }

  // `same`: the question has not changed, only the library: stay where the person is.
  answer(answer, list, same = false) {
    const scale = scaleOf(answer);
    this.shown = "answer";
    this.scored = true;
    this.prepare = (entries) => entries.map((entry) => (entry.scale === scale ? entry : { ...entry, scale }));
    this.list = list;
    if (!same) this.grid.rewind();
    if (answer.verdict === "none") this.nothingThere();
    else if (answer.verdict === "weak") this.nothingMatches(answer);
    else this.matches(answer);
  }

  matches(answer) {
    const { entries } = this.list;
    this.untell();
    this.showGrid(true);
    this.showList();
    const strong = countOf(entries, "strong");
    const more = this.list.total > entries.length && strong === entries.length;
    const fair = countOf(entries, "fair");
    const found = strong > 0
      ? words(more ? "strongAtLeast" : "strongCount", { count: strong })
      : words("fairCount", { count: fair });
    this.say(`${found} \u00b7 ${words("searched", { count: answer.total })}`);
  }

  // Ten pictures at random would be no answer: it says so, and shows the nearest to who wants to see them all the same.
  nothingMatches(answer) {
    this.showGrid(false);
    this.grid.show([]);
    this.say(words("nothingMatches"), false);
    const show = () => {
      this.untell();
      this.showGrid(true);
      this.showList();
      this.say(words("nothingMatchesBelow"));
      this.grid.focus(0);
    };
    this.tell("search", words("nothingMatches"), words("nothingMatchesText", { count: answer.total }),
      element("button.button", { type: "button", id: "show-nearest", onclick: show }, words("showNearest")));
  }

  nothingThere() {
    this.showGrid(false);
    this.grid.show([]);
    this.say("");
    this.tellEmpty();
  }

  // The result folder's entries: ranked by who wrote it, without scores.
  folder({ folder, entries }) {
    this.shown = "folder";
    this.scored = false;
    this.prepare = (all) => all;
    this.title = "";
    this.list = { entries: entries.map((entry) => ({ ...entry, key: `${entry.link} ${entry.path}` })), total: entries.length, more: async () => false };
    this.untell();
    this.showGrid(entries.length > 0);
    this.showList();
    this.say(`${words("resultFolder")} ${folder} \u00b7 ${words("pictureCount", { count: entries.length })}`);
    if (entries.length === 0) this.tell("folder", words("folderEmptyTitle"), words("folderEmptyText", { folder }));
  }
}

// Words for what went wrong; the server's own message where there are none.
export function problemWords(error) {
  const known = {
    unreachable: "serverAway", unknown_picture: "unknownName", bad_query: "badQuery", model_mismatch: "otherModel",
    unsupported: "noPicture", corrupt: "brokenPicture", limit_exceeded: "tooLarge", query_too_long: "queryTooLong", busy: "serverBusy",
  };
  const key = known[error.code];
  const message = error.message.replace(/^invalid query: /, "");
  return key ? words(key, { message }) : message;
}

