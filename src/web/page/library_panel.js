// The panel that shows the state of the library and adds folders. Searching still works while it is open.
import { get, post } from "./api.js";
import { byId, element } from "./dom.js";
import { count, moment } from "./format.js";
import { FolderPicker } from "./folder_picker.js";
import { JobView, reportWords } from "./job_view.js";
import { words } from "./language.js";

const kRefreshInterval = 3000; // milliseconds between two requests for the state during an index run

export class LibraryPanel {
  // changed(status) is called for every answer of /api/status, whether it differs from the last one or not.
  constructor({ changed }) {
    this.changed = changed;
    this.panel = byId("library");
    this.button = byId("library-button");
    this.lastRefresh = 0;
    this.picker = new FolderPicker(byId("folders"), { chosen: (path) => this.index(path) });
    this.jobView = new JobView(byId("job"), { progressed: (job) => this.progressed(job) });
    this.button.addEventListener("click", () => (this.panel.hidden ? this.open() : this.close()));
    byId("library-close").addEventListener("click", () => this.close());
    // Another client may have started an index run while this page was hidden.
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  open() {
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    byId("library-title").focus();
    this.picker.open().catch((error) => this.picker.show([error.message], []));
    this.refresh();
  }

  close() {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
  }

  async refresh() {
    this.lastRefresh = performance.now();
    try {
      this.show(await get("api/status"));
    } catch {
      // The last known state stays; the next search reports that the server is unreachable.
    }
  }

  show(status) {
    this.status = status;
    const pictures = words("pictureCount", { count: status.library.items });
    byId("library-count").textContent = pictures;
    this.button.setAttribute("aria-label", `${words("library")}: ${pictures}`);
    this.showFacts(status);
    if (status.job) this.jobView.follow(status.job);
    this.changed(status);
  }

  showFacts({ library, database, model, last_job: last }) {
    const facts = [
      [words("pictures"), count(library.items)],
      [words("model"), words("modelOf", { name: model.name, count: model.dimension, precision: model.precision })],
      [words("lastChange"), library.changed_ms === null ? words("never") : moment(library.changed_ms)],
    ];
    if (last) facts.push([words("lastRun"), `${moment(last.started_ms)}: ${reportWords(last)}`]);
    if (database.failures > 0) facts.push([words("unreadable"), count(database.failures)]);
    if (database.other_items > 0) {
      facts.push([words("otherModels"), words("otherModelsOf", { count: database.other_items, names: database.other_models.join(", ") })]);
    }
    facts.push([words("database"), database.path]);
    byId("library-facts").replaceChildren(
      ...facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  }

  // A null path means all roots.
  async index(path) {
    this.picker.setBusy(true);
    try {
      const { job } = await post("api/index", path === null ? {} : { path });
      this.jobView.follow(job);
    } catch (error) {
      if (error.code === "index_running") await this.refresh();
      else this.picker.show([error.message], []);
      this.picker.setBusy(this.jobView.job?.state === "running");
    }
  }

  progressed(job) {
    const running = job.state === "running";
    this.picker.setBusy(running);
    const ring = byId("ring");
    ring.hidden = !running;
    this.button.querySelector(".icon").toggleAttribute("hidden", running);
    ring.style.setProperty("--done", job.scanning ? "8%" : `${(100 * job.encoded) / Math.max(1, job.to_encode)}%`);
    if (!running || performance.now() - this.lastRefresh > kRefreshInterval) this.refresh();
  }
}
