// The search field with its chips, and the ways to add a picture: choose, drop or paste it.
import { showChips } from "./chips.js";
import { byId } from "./dom.js";
import { words } from "./language.js";
import { Query, reweighted, uploadPicture } from "./query.js";

function carriesFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

export class SearchBar {
  // changed(query, how) is called when the query changes; how is "typed" (it may be incomplete) or "chosen". down() is
  // called for the down arrow key in the field.
  constructor({ changed, down }) {
    Object.assign(this, { changed, down });
    this.query = new Query();
    this.maxFileBytes = Infinity; // the server's limit for an upload, once it is known
    this.terms = []; // the terms of the words in the server's last answer
    this.form = byId("search");
    this.field = byId("words");
    this.box = byId("search-box");
    this.chips = byId("chips");
    this.clear = byId("clear");
    this.problem = byId("query-problem");
    this.listenToField();
    this.listenToPictures();
  }

  listenToField() {
    // The text of an unfinished input method composition (such as pinyin) is not searched for.
    const typed = (event) => event.isComposing || this.setQuery(new Query(this.field.value, this.query.pictures), "typed");
    this.field.addEventListener("input", typed);
    this.field.addEventListener("compositionend", typed);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.query.empty) this.changed(this.query, "chosen");
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && !event.isComposing) {
        event.preventDefault();
        this.down();
      }
      // Backspace in an empty field removes the last picture.
      if (event.key === "Backspace" && this.field.value === "" && this.query.pictures.length > 0) {
        this.setQuery(new Query("", this.query.pictures.slice(0, -1)), "chosen");
      }
    });
    this.clear.addEventListener("click", () => {
      this.setQuery(new Query(), "chosen");
      this.field.focus();
    });
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, select, textarea, dialog");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.field.focus();
      this.field.select();
    });
  }

  listenToPictures() {
    const file = byId("file");
    byId("choose").addEventListener("click", () => file.click());
    file.addEventListener("change", () => {
      this.addFiles(file.files);
      file.value = "";
    });
    addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length > 0) {
        event.preventDefault();
        this.addFiles(event.clipboardData.files);
      }
    });
    this.listenToDrops(byId("drop"));
  }

  // dragenter and dragleave are fired for every element below the pointer, so they are counted.
  listenToDrops(overlay) {
    let inside = 0;
    const leave = () => {
      inside = 0;
      overlay.hidden = true;
    };
    addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      inside += 1;
      overlay.hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (carriesFiles(event) && --inside <= 0) leave();
    });
    addEventListener("dragover", (event) => {
      if (carriesFiles(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      leave();
      this.addFiles(event.dataTransfer.files);
    });
  }

  // While a dialog is open, nothing changes behind it.
  addFiles(files) {
    if (document.querySelector("dialog[open]")) return;
    const fitting = [...files].filter(({ size }) => size <= this.maxFileBytes);
    const pictures = fitting.map((file) => uploadPicture(file));
    if (pictures.length > 0) this.setQuery(new Query(this.query.words, [...this.query.pictures, ...pictures]), "chosen");
    if (fitting.length < files.length) this.showProblem(words("tooLarge"));
  }

  // Shows `query` in the field and the chips. how: as for changed(); null when the page itself set the query. terms: the
  // terms of its words, as far as they are known before the server's answer.
  setQuery(query, how = null, terms = query.words === this.query.words ? this.terms : []) {
    this.query = query;
    this.terms = terms;
    if (this.field.value !== query.words) this.field.value = query.words;
    this.clear.hidden = query.empty && query.words === "";
    this.showProblem("");
    this.showParts();
    if (how) this.changed(query, how);
  }

  // Takes the terms of the server's answer; they are shown as chips unless the query is plain words.
  setTerms(query, terms) {
    if (query !== this.query) return;
    this.terms = query.wordTerms(terms);
    this.showParts();
  }

  showParts() {
    const { before, after } = this.query.ordered();
    const ofPicture = (picture) => ({ kind: picture.kind, name: picture.name, weight: picture.weight, id: picture.id, picture });
    const ofTerm = (term, at) => ({
      kind: term.kind, name: term.kind === "text" ? term.text : term.name, weight: term.weight, id: term.item, at });
    const parts = [...before.map(ofPicture), ...this.terms.map(ofTerm), ...after.map(ofPicture)];
    const plain = parts.length === 1 && parts[0].kind === "text" && parts[0].weight === 1;
    showChips(this.chips, plain ? [] : parts, (index, weight) => this.setWeight(parts[index], weight));
  }

  setWeight({ picture, at }, weight) {
    const { words, pictures } = this.query;
    const next = picture
      ? new Query(words, pictures.map((one) => (one === picture ? { ...one, weight } : one)).filter((one) => one.weight !== 0))
      : new Query(reweighted(this.terms, at, weight), pictures);
    // The chips of the words stay until the answer arrives, so that they do not flicker or lose the focus.
    const terms = picture ? this.terms
      : this.terms.map((term, index) => (index === at ? { ...term, weight } : term)).filter((term) => term.weight !== 0);
    this.setQuery(next, "chosen", terms);
    if (this.chips.hidden) this.field.focus();
  }

  showProblem(text) {
    this.problem.textContent = text;
    this.problem.hidden = text === "";
    this.field.setAttribute("aria-invalid", String(text !== ""));
  }

  showWaiting(waiting) {
    this.box.classList.toggle("waiting", waiting);
  }
}
