// Start here: the page's parts, and what leads from one to another.
import { get } from "./api.js";
import { makeCard, updateCard } from "./card.js";
import { byId, element } from "./dom.js";
import { Grid } from "./grid.js";
import { translate, words } from "./language.js";
import { LibraryPanel } from "./library_panel.js";
import { PagedList } from "./paged_list.js";
import { itemPicture, Query } from "./query.js";
import { ResultFolder } from "./result_folder.js";
import { problemWords, ResultsView } from "./results_view.js";
import { SearchBar } from "./search_bar.js";
import { Searcher } from "./searcher.js";
import { prepareTokenDialog } from "./token_dialog.js";
import { Viewer } from "./viewer.js";

const kExamples = ["example1", "example2", "example3", "example4"];

class Page {
  constructor() {
    this.chosen = true;
    this.grid = new Grid(byId("grid"), {
      makeCard, updateCard,
      open: (index) => this.viewer.open(index),
      leave: () => byId("words").focus(),
    });
    this.view = new ResultsView(this.grid, { openLibrary: () => this.library.open() });
    this.viewer = new Viewer(this.grid, {
      like: (item) => this.bar.setQuery(new Query("", [itemPicture(item.id, item.name)]), "chosen"),
      add: (item) => this.bar.setQuery(this.withPicture(item), "chosen"),
    });
    this.searcher = new Searcher({
      answered: (answer, list, query) => this.answered(answer, list, query),
      failed: (error, query) => this.failed(error, query),
      waiting: (waiting) => this.bar.showWaiting(waiting),
    });
    this.bar = new SearchBar({
      changed: (query, how) => this.asked(query, how),
      down: () => this.grid.focus(this.grid.current),
    });
    this.library = new LibraryPanel({ changed: (status) => this.libraryChanged(status) });
    this.results = new ResultFolder({
      opened: () => this.openedFolder(),
      show: (results) => this.view.folder(results),
      closed: () => this.bar.setQuery(new Query(), "chosen"),
    });
    byId("brand").addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      this.bar.setQuery(new Query(), "chosen");
      this.bar.field.focus();
    });
    addEventListener("popstate", () => this.followAddress());
    this.showExamples();
  }

  showExamples() {
    byId("examples").append(...kExamples.map((key) => element("button.button", {
      type: "button",
      onclick: () => {
        this.bar.setQuery(new Query(words(key)), "chosen");
        this.bar.field.focus();
      },
    }, words(key))));
  }

  withPicture({ id, name }) {
    const { words: text, pictures } = this.bar.query;
    return new Query(text, [...pictures, itemPicture(id, name)]);
  }

  // The person asks for something else. The address follows; a step to come back to begins with each choice (an example,
  // Enter, a picture), and where typing begins.
  asked(query, how) {
    this.results.leave();
    const text = query.unsent().length > 0 ? query.settledWords : query.compose(); // the rest comes with the answer
    this.remember(query.empty ? "" : `?q=${encodeURIComponent(text)}`, how === "chosen" || this.chosen);
    this.chosen = how === "chosen";
    this.show(query, how === "typed");
  }

  show(query, typed = false) {
    this.setFresh(query.empty && query.words.trim() === "");
    if (query.empty) {
      this.searcher.stop();
      this.showNewest();
    } else {
      this.searcher.ask(query, { typed });
    }
  }

  setFresh(fresh) {
    document.body.classList.toggle("fresh", fresh);
    byId("welcome").hidden = !fresh;
    document.title = fresh ? "clipseek" : `${this.bar.query.settledWords || words("pictures")} \u2013 clipseek`;
  }

  // Unsent pictures have no address yet; the answer brings it.
  remember(search, step) {
    if (search === this.address) return;
    this.address = search;
    history[step ? "pushState" : "replaceState"](null, "", search || "./");
  }

  answered(answer, list, query) {
    if (query !== this.reduced) this.bar.showProblem("");
    this.bar.setTerms(query, answer.terms);
    this.remember(`?q=${encodeURIComponent(query.compose())}`, false);
    this.view.answer(answer, list, query === this.answeredQuery);
    this.answeredQuery = query;
  }

  // A picture that cannot be used would stand in the way of every further question: the search goes on without it.
  failed(error, query) {
    const forgotten = error.code === "unknown_picture" ? query.pictures.filter(({ file }) => !file) : [];
    const refused = error.status >= 400 && error.status < 500 ? query.unsent() : [];
    const gone = [...forgotten, ...refused];
    if (gone.length > 0) {
      const rest = new Query(query.words, query.pictures.filter((picture) => !gone.includes(picture)));
      this.reduced = rest; // its answer must not take away the explanation
      this.bar.setQuery(rest);
      this.show(rest);
    }
    this.bar.showProblem(forgotten.length > 0 ? words("pictureForgotten") : problemWords(error));
  }

  async showNewest() {
    const list = new PagedList(async (offset, limit) => {
      const page = await get("api/items", { offset, limit });
      return { ...page, entries: page.items.map((item) => ({ ...item, key: item.id })) };
    });
    const like = this.newest;
    this.newest = list;
    try {
      await list.first(like);
      if (this.newest === list && this.bar.query.empty && !this.results.shown) this.view.fresh(list);
    } catch (error) {
      this.bar.showProblem(problemWords(error));
    }
  }

  openedFolder() {
    this.searcher.stop();
    this.bar.setQuery(new Query());
    this.remember("?view=results", true);
    this.setFresh(false);
    document.title = `${words("resultFolder")} \u2013 clipseek`;
  }

  // Answers to a question are brought up to date when a run is over, not at every picture of it.
  libraryChanged({ library, results, job, limits }) {
    this.results.offer(results);
    this.bar.largestFile = limits.upload_bytes;
    if (this.results.shown) return;
    if (this.bar.query.empty) {
      if (this.newest?.version && this.newest.version !== library.version) this.showNewest();
    } else if (!job && this.view.list && this.view.list.version !== library.version) {
      this.searcher.ask(this.bar.query, { like: this.view.list });
    }
  }

  // What the address says, at the start and after going back: its query is taken apart by the server's answer.
  async followAddress() {
    if (location.search === this.address) return;
    this.address = location.search;
    const parameters = new URLSearchParams(location.search);
    this.results.leave();
    const text = parameters.get("q") ?? "";
    if (parameters.get("view") === "results") {
      this.results.open();
      return;
    }
    let query = new Query(text);
    if (/(item|upload):/.test(text)) {
      try {
        const { terms } = await get("api/search", { q: text, limit: 1 });
        query = Query.fromTerms(terms);
      } catch (error) {
        this.reduced = new Query();
        this.bar.setQuery(this.reduced);
        this.show(this.reduced);
        this.bar.showProblem(error.code === "unknown_picture" ? words("pictureForgotten") : problemWords(error));
        return;
      }
    }
    this.bar.setQuery(query);
    this.show(query);
  }
}

translate(document);
prepareTokenDialog();
const page = new Page();
page.followAddress();
page.library.refresh();
