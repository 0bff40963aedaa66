// A long list that is loaded in pages: a small one first, larger ones as the user scrolls.

const kFirstPage = 60;
const kNextPage = 500;
const kMaxPage = 1000; // the server's limit of `limit`
const kMaxEntries = 10000; // the server's limit of offset + limit

export class PagedList {
  // fetchPage(offset, limit) returns {entries, total, more, version}, each entry with a unique `key`.
  constructor(fetchPage) {
    this.fetchPage = fetchPage;
    this.entries = [];
    this.total = 0; // number of entries that can be loaded
    this.version = null;
    this.loading = false;
  }

  // Loads the first page, with as many entries as `previous` had if possible, so that the scroll position is kept.
  async first(previous = null) {
    const page = await this.fetchPage(0, Math.min(kMaxPage, Math.max(kFirstPage, previous?.entries.length ?? 0)));
    this.version = page.version;
    this.append(page);
    return page;
  }

  // Loads the next page and returns whether there are more entries now. After a failure the next call tries again.
  async more() {
    if (this.loading || this.entries.length >= this.total) return false;
    this.loading = true;
    try {
      const offset = this.entries.length;
      this.append(await this.fetchPage(offset, Math.min(kNextPage, kMaxEntries - offset)));
      return true;
    } catch {
      return false;
    } finally {
      this.loading = false;
    }
  }

  // If the library has grown between two pages, the second one repeats entries of the first; those are omitted.
  append(page) {
    const known = new Set(this.entries.map(({ key }) => key));
    const fresh = page.entries.filter(({ key }) => !known.has(key));
    this.entries = this.entries.concat(fresh);
    this.total = page.more && fresh.length > 0 ? Math.min(page.total, kMaxEntries) : this.entries.length;
  }
}
