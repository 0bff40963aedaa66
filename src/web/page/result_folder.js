// Shows the folder of links that clip_manage (or `clipseek search --links`) writes, and follows its changes.
import { listen } from "./api.js";
import { byId } from "./dom.js";

export class ResultFolder {
  // opened() is called before the folder is shown, show(results) for each of its states, closed() when the user leaves it.
  constructor({ opened, show, closed }) {
    Object.assign(this, { opened, show, closed });
    this.button = byId("results-button");
    this.stop = null;
    this.button.addEventListener("click", () => (this.stop ? this.closed() : this.open()));
  }

  get shown() {
    return this.stop !== null;
  }

  // Shows the button if the server has a result folder; `folder` is null if it has none.
  offer(folder) {
    this.button.hidden = folder === null;
    if (folder !== null) this.button.title = folder;
  }

  open() {
    this.leave();
    this.opened();
    this.button.setAttribute("aria-pressed", "true");
    this.stop = listen("api/results/events", { results: (results) => this.shown && this.show(results) });
  }

  leave() {
    this.stop?.();
    this.stop = null;
    this.button.setAttribute("aria-pressed", "false");
  }
}
