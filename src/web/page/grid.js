// A virtualized grid of pictures. All pictures have a position, but only those within one screen of the visible part are
// elements, so that ten thousand pictures cost no more than fifty. Tab reaches one picture; arrow keys move from there.
import { element } from "./dom.js";
import { layOut, neighbour, rowAt, shownAspect } from "./justified_layout.js";

const kGap = 16;
const kHeading = 48;
const kCaption = 4.9; // rem: a bar and three lines, see grid.css
const kNoLayout = { rows: [], headings: [], height: 0 }; // while the grid is hidden

// The index of the next picture for each key.
const kMoves = {
  ArrowRight: (grid) => grid.current + 1,
  ArrowLeft: (grid) => grid.current - 1,
  ArrowDown: (grid) => neighbour(grid.layout.rows, grid.current, 1),
  ArrowUp: (grid) => neighbour(grid.layout.rows, grid.current, -1),
  PageDown: (grid) => neighbour(grid.layout.rows, grid.current, grid.rowsInSight()),
  PageUp: (grid) => neighbour(grid.layout.rows, grid.current, -grid.rowsInSight()),
  Home: () => 0,
  End: (grid) => grid.items.length - 1,
};

export class Grid {
  // makeCard(item, index) returns a card's <li>, updateCard(card, item, index) updates a reused one. open(index) is
  // called for a click or Enter, more() when the user scrolls near the end of the loaded items, leave() when Up is
  // pressed in the first row.
  constructor(container, { makeCard, updateCard, open, more = async () => {}, leave = () => {} }) {
    Object.assign(this, { container, makeCard, updateCard, open, more, leave });
    this.items = [];
    this.total = 0;
    this.sections = [];
    this.layout = kNoLayout;
    this.current = 0;
    this.cards = new Map(); // item key to <li>, for the cards on the page
    this.headings = [];
    container.addEventListener("keydown", (event) => this.move(event));
    container.addEventListener("click", (event) => this.click(event));
    container.addEventListener("focusin", (event) => this.trackFocus(event));
    new ResizeObserver(() => container.clientWidth !== this.width && this.arrange()).observe(container);
    addEventListener("scroll", () => this.schedule(), { passive: true });
    addEventListener("resize", () => this.schedule());
  }

  // items: each with a unique `key`, `width` and `height` (0: unknown). total: number of items, including those that are
  // not loaded yet. sections: [{start, title}], a heading before the item at `start`, or none if the title is empty.
  show(items, { total = items.length, sections = [{ start: 0, title: "" }] } = {}) {
    this.items = items;
    this.total = total;
    this.sections = sections;
    this.current = Math.min(this.current, Math.max(0, items.length - 1));
    this.arrange();
  }

  // Returns to the first picture, for a new query.
  rewind() {
    this.current = 0;
    if (scrollY > 0) scrollTo({ top: 0 });
  }

  arrange() {
    const width = this.container.clientWidth;
    this.width = width;
    this.caption = kCaption * parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.layout = width === 0 ? kNoLayout : layOut(this.items.map((item) => shownAspect(item.width, item.height)), {
      width,
      gap: kGap,
      height: Math.max(140, Math.min(230, width / 2.2)),
      caption: this.caption,
      sections: this.sections.map(({ start, title }) => ({ start, heading: title ? kHeading : 0 })),
    });
    this.container.style.height = `${this.layout.height}px`;
    this.placeHeadings();
    this.render();
  }

  placeHeadings() {
    for (const heading of this.headings) heading.remove();
    this.headings = [];
    this.sections.forEach(({ title }, index) => {
      if (!title) return;
      const heading = element("li.grid-heading", {}, element("h2", {}, title));
      heading.dataset.index = this.sections[index].start - 0.5;
      heading.style.top = `${this.layout.headings[index]}px`;
      heading.style.height = `${kHeading - 12}px`;
      this.headings.push(heading);
    });
    this.container.append(...this.headings);
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.render();
    });
  }

  // Creates the cards of the rows near the visible part, reuses existing ones so that they do not flicker, and removes
  // the rest.
  render() {
    const { rows } = this.layout;
    const top = -this.container.getBoundingClientRect().top;
    const first = rowAt(rows, top - innerHeight, this.caption);
    const wanted = new Map();
    for (let at = first; at < rows.length && rows[at].top < top + 2 * innerHeight; ++at) {
      for (let index = rows[at].first; index < rows[at].end; ++index) wanted.set(this.items[index].key, [rows[at], index]);
    }
    this.keepFocused(wanted);
    for (const [key, card] of this.cards) {
      if (wanted.has(key)) continue;
      card.remove();
      this.cards.delete(key);
    }
    for (const [key, [row, index]] of wanted) this.place(this.card(key, index), row, index);
    this.keepOrder();
    if (this.items.length < this.total && top + 3 * innerHeight > this.layout.height) this.more();
  }

  // The current card is kept even when it is scrolled out of view, so that the focus is not lost.
  keepFocused(wanted) {
    const item = this.items[this.current];
    const row = this.layout.rows.find(({ end }) => this.current < end);
    if (row && !wanted.has(item.key)) wanted.set(item.key, [row, this.current]);
  }

  card(key, index) {
    let card = this.cards.get(key);
    if (!card) {
      card = this.makeCard(this.items[index], index);
      this.cards.set(key, card);
    }
    this.updateCard(card, this.items[index], index);
    return card;
  }

  place(card, row, index) {
    const width = row.widths[index - row.first];
    card.style.transform = `translate(${row.lefts[index - row.first]}px, ${row.top}px)`;
    card.style.width = `${width}px`;
    card.style.height = `${row.height + this.caption}px`;
    card.querySelector(".card-picture").style.height = `${row.height}px`;
    const picture = card.querySelector("img");
    if (picture) picture.sizes = `${Math.ceil(width)}px`;
    card.dataset.index = index;
    card.setAttribute("aria-posinset", index + 1);
    card.setAttribute("aria-setsize", this.total);
    card.querySelector("a").tabIndex = index === this.current ? 0 : -1;
  }

  // Screen readers read in document order, which must be the order of the ranking.
  keepOrder() {
    const ordered = [...this.cards.values(), ...this.headings].sort((a, b) => a.dataset.index - b.dataset.index);
    let before = null;
    for (const card of ordered) {
      const follows = before ? before.nextSibling : this.container.firstChild;
      if (card !== follows) this.container.insertBefore(card, follows);
      before = card;
    }
  }

  rowsInSight() {
    const row = this.layout.rows[0];
    return row ? Math.max(1, Math.floor(innerHeight / (row.height + this.caption))) : 1;
  }

  indexOf(target) {
    const card = target.closest(".card");
    return card ? Number(card.dataset.index) : -1;
  }

  trackFocus(event) {
    const index = this.indexOf(event.target);
    if (index >= 0 && index !== this.current) {
      this.current = index;
      this.schedule();
    }
  }

  click(event) {
    const index = this.indexOf(event.target);
    // A click with a modifier key opens the picture in a new tab, as for any link.
    if (index < 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.open(index);
  }

  move(event) {
    const move = kMoves[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || this.items.length === 0) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.open(this.current);
    }
    if (!move) return;
    event.preventDefault();
    const target = Math.max(0, Math.min(this.items.length - 1, move(this)));
    if (event.key === "ArrowUp" && target === this.current) this.leave();
    else this.focus(target);
  }

  // Moves the focus to the picture at `index` and scrolls it into view.
  focus(index) {
    if (!this.items[index] || this.layout === kNoLayout) return;
    this.current = index;
    this.render();
    const card = this.cards.get(this.items[index].key);
    card.querySelector("a").focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
    this.render();
  }
}
