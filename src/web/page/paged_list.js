// A long list that the server gives in pages: a small one at once, larger ones as the person scrolls on.

const kFirst = 60;
const kNext = 500;
const kLargestPage = 1000;
const kMost = 10000; // the server's own limit of offset + limit

export class PagedList {
  // fetchPage(offset, limit) gives {entries, total, more, version}, each entry with a unique `key`.
  constructor(fetchPage) {
    this.fetchPage = fetchPage;
    this.entries = [];
    this.total = 0; // of what can be had
    this.version = null;
    this.loading = false;
  }

  // Begins the list, with at least as many entries as `like` had, so that who has scrolled down stays there.
  async first(like = null) {
    const page = await this.fetchPage(0, Math.min(kLargestPage, Math.max(kFirst, like?.entries.length ?? 0)));
    this.version = page.version;
    this.take(page);
    return page;
  }

  // Whether there are more entries now. A problem waits for the next call: the person scrolls on, or asks anew.
  async more() {
    if (this.loading || this.entries.length >= this.total) return false;
    this.loading = true;
    try {
      const offset = this.entries.length;
      this.take(await this.fetchPage(offset, Math.min(kNext, kMost - offset)));
      return true;
    } catch {
      return false;
    } finally {
      this.loading = false;
    }
  }

  // The library may have grown between two pages, which moves pictures to the next one: those are left out there.
  take(page) {
    const known = new Set(this.entries.map(({ key }) => key));
    const fresh = page.entries.filter(({ key }) => !known.has(key));
    this.entries = this.entries.concat(fresh);
    this.total = page.more && fresh.length > 0 ? Math.min(page.total, kMost) : this.entries.length;
  }
}
