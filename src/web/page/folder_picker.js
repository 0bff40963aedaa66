// Lets the user choose a folder below the roots that the server was started with.
import { get } from "./api.js";
import { element, icon } from "./dom.js";
import { words } from "./language.js";

export class FolderPicker {
  // chosen(path) is called for the folder to index.
  constructor(container, { chosen }) {
    Object.assign(this, { container, chosen });
    this.trail = []; // the folders from a root to the one shown, {path, name}; empty: the roots are shown
    this.busy = false;
  }

  // Shows the roots; a single root is opened at once.
  async open() {
    const { folders } = await get("api/folders");
    this.roots = folders;
    if (folders.length === 0) this.showNone();
    else await this.go(folders.length === 1 ? [folders[0]] : []);
  }

  showNone() {
    this.container.replaceChildren(
      element("h3", {}, words("addFolder")), element("p.quiet", {}, words("noRoots")));
  }

  async go(trail) {
    const at = trail.at(-1);
    let listed = { folders: this.roots };
    try {
      if (at) listed = await get("api/folders", { path: at.path });
    } catch (error) {
      this.show([error.message], []);
      return;
    }
    this.trail = trail;
    this.show(listed.more ? [words("moreFolders")] : [], listed.folders);
  }

  show(notes, folders) {
    const hadFocus = this.container.contains(document.activeElement);
    const rows = folders.map((folder) => element("li", {}, element("button", {
      type: "button", title: folder.path, onclick: () => this.go([...this.trail, folder]),
    }, icon("folder"), folder.name)));
    if (folders.length === 0 && notes.length === 0) notes = [words("noFolders")];
    this.container.replaceChildren(
      element("h3", {}, words("addFolder")), this.breadcrumbs(),
      element("ul.folder-list", { "aria-label": words("folders") },
        ...rows, ...notes.map((note) => element("li.quiet", {}, note))),
      this.indexButton());
    if (hadFocus) (this.container.querySelector(".folder-list button") ?? this.container.querySelector(".main")).focus();
  }

  breadcrumbs() {
    const parts = [element("button", { type: "button", onclick: () => this.go([]) }, words("allFolders"))];
    this.trail.forEach((folder, index) => parts.push(element("span.quiet", { "aria-hidden": "true" }, "/"), element("button", {
      type: "button", title: folder.path, "aria-current": index === this.trail.length - 1 ? "true" : null,
      onclick: () => this.go(this.trail.slice(0, index + 1)),
    }, folder.name)));
    return element("nav.folder-path", { "aria-label": words("folderPath") }, ...parts);
  }

  indexButton() {
    const at = this.trail.at(-1);
    const button = element("button.button.main", { type: "button", id: "index-folder", onclick: () => this.chosen(at?.path ?? null) },
      at ? words("indexFolder", { name: at.name }) : words("indexAll"));
    button.disabled = this.busy;
    return button;
  }

  // While an index run is in progress, no other run can start.
  setBusy(busy) {
    this.busy = busy;
    const button = this.container.querySelector("#index-folder");
    if (button) button.disabled = busy;
  }
}
