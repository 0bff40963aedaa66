// Start here: creates the parts of the page and connects them.
import { get } from "./api.js";
import { makeCard, updateCard } from "./card.js";
import { byId, element } from "./dom.js";
import { title } from "./format.js";
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
      like: (item) => this.bar.setQuery(new Query("", [itemPicture(item.id, title(item))]), "chosen"),
      add: (item) => this.bar.setQuery(this.withPicture(item), "chosen"),
    });
    this.searcher = new Searcher({
      answered: (answer, list, query) => this.answered(answer, list, query),
      failed: (error, query) => this.failed(error, query),
      waiting: (waiting) => this.bar.showWaiting(waiting),
    });
    this.bar = new SearchBar({
      changed: (query, how) => this.queryChanged(query, how),
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

  withPicture(item) {
    const { words: text, pictures } = this.bar.query;
    return new Query(text, [...pictures, itemPicture(item.id, title(item))]);
  }

  // The user has changed the query. The address follows; a new history entry begins with each choice (an example, Enter,
  // a picture), and at the start of typing.
  queryChanged(query, how) {
    this.results.leave();
    const text = query.unsent().length > 0 ? query.settledWords : query.compose(); // tokens come with the answer
    this.updateAddress(query.empty ? "" : `?q=${encodeURIComponent(text)}`, how === "chosen" || this.chosen);
    this.chosen = how === "chosen";
    this.show(query, how === "typed");
  }

  show(query, typed = false) {
    this.setStartPage(query.empty && query.words.trim() === "");
    if (query.empty) {
      this.searcher.stop();
      this.showNewest();
    } else {
      this.searcher.search(query, { typed });
    }
  }

  setStartPage(start) {
    document.body.classList.toggle("start", start);
    byId("welcome").hidden = !start;
    document.title = start ? "clipseek" : `${this.bar.query.settledWords || words("pictures")} \u2013 clipseek`;
  }

  // Pictures that are not uploaded yet are not part of the address; the answer provides their tokens.
  updateAddress(search, newEntry) {
    if (search === this.address) return;
    this.address = search;
    history[newEntry ? "pushState" : "replaceState"](null, "", search || "./");
  }

  answered(answer, list, query) {
    if (query !== this.reduced) this.bar.showProblem("");
    this.bar.setTerms(query, answer.terms);
    this.updateAddress(`?q=${encodeURIComponent(query.compose())}`, false);
    this.view.answer(answer, list, query === this.answeredQuery);
    this.answeredQuery = query;
  }

  // A picture that cannot be used would make every further search fail, so it is removed from the query.
  failed(error, query) {
    const expired = error.code === "unknown_picture" ? query.pictures.filter(({ file }) => !file) : [];
    const rejected = error.status >= 400 && error.status < 500 ? query.unsent() : [];
    const unusable = [...expired, ...rejected];
    if (unusable.length > 0) {
      const rest = new Query(query.words, query.pictures.filter((picture) => !unusable.includes(picture)));
      this.reduced = rest; // the answer to this query must not remove the error message
      this.bar.setQuery(rest);
      this.show(rest);
    }
    this.bar.showProblem(expired.length > 0 ? words("pictureExpired") : problemWords(error));
  }

  async showNewest() {
    const list = new PagedList(async (offset, limit) => {
      const page = await get("api/items", { offset, limit });
      return { ...page, entries: page.items.map((item) => ({ ...item, key: item.id })) };
    });
    const previous = this.newest;
    this.newest = list;
    try {
      await list.first(previous);
      if (this.newest === list && this.bar.query.empty && !this.results.shown) this.view.showNewest(list);
    } catch (error) {
      this.bar.showProblem(problemWords(error));
    }
  }

  openedFolder() {
    this.searcher.stop();
    this.bar.setQuery(new Query());
    this.updateAddress("?view=results", true);
    this.setStartPage(false);
    document.title = `${words("resultFolder")} \u2013 clipseek`;
  }

  // Search results are refreshed at the end of an index run, not during it.
  libraryChanged({ library, results, job, limits }) {
    this.results.offer(results);
    this.bar.maxFileBytes = limits.upload_bytes;
    if (this.results.shown) return;
    if (this.bar.query.empty) {
      if (this.newest?.version && this.newest.version !== library.version) this.showNewest();
    } else if (!job && this.view.list && this.view.list.version !== library.version) {
      this.searcher.search(this.bar.query, { previous: this.view.list });
    }
  }

  // Shows what the address names, at the start and after history navigation. Only the server can split a query with
  // pictures into its terms.
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
        this.bar.showProblem(error.code === "unknown_picture" ? words("pictureExpired") : problemWords(error));
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
