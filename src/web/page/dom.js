// Creates elements without ever parsing text as HTML: a file name can contain anything, and only becomes a text node.

const kSvg = "http://www.w3.org/2000/svg";

// element("button.quiet", { type: "button", onclick: f, "aria-label": "x" }, "text", child, ...). Keys that begin with
// "on" are event handlers; null and false omit an attribute, true makes it empty.
export function element(selector, attributes = {}, ...children) {
  const [tag, ...classes] = selector.split(".");
  const created = document.createElement(tag);
  if (classes.length > 0) created.className = classes.join(" ");
  setAttributes(created, attributes);
  created.append(...children.filter((child) => child !== null && child !== undefined));
  return created;
}

export function setAttributes(target, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) target.addEventListener(name.slice(2), value);
    else if (value === null || value === undefined || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? "" : String(value));
  }
}

// Returns one of the symbols in index.html as a decoration; the accessible name belongs to its button.
export function icon(name) {
  const svg = document.createElementNS(kSvg, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(kSvg, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function byId(id) {
  return document.getElementById(id);
}
