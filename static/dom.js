/** Small helpers for pages that people have edited: what is not there is an empty list, never an error. */

/** The elements that carry `data-field="name"`, in a part of the page or in all of it. */
export const places = (name, root = document) => [...root.querySelectorAll(`[data-field="${CSS.escape(name)}"]`)];

/** The text of the first such element, white space folded; "" without one. */
export const fact = (name, root = document) => shown(places(name, root)[0]);

export const shown = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** A new element: its attributes (null and false leave one out), then texts and elements. Texts are never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** A link, if the address is one that may be followed from here; else the text alone. */
export function link(address, ...children) {
  const href = followed(address);
  return href ? make("a", { href, rel: leaves(href) ? "noreferrer" : null }, ...children) : make("span", {}, ...children);
}

/** The address, if it is of the web, of mail or of this page; "" for javascript: and the like. */
export function followed(address) {
  try {
    const { protocol } = new URL(address, document.baseURI);
    return ["http:", "https:", "mailto:"].includes(protocol) ? address : "";
  } catch {
    return "";
  }
}

const leaves = (href) => new URL(href, document.baseURI).origin !== location.origin;

/** What was kept in this browser under a name, null where there is nothing or no storage. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // No storage: the next page starts as it would have.
  }
}

/** A day as people write it, of a time in UTC; the text itself where it is none. */
export function day(text) {
  const date = new Date(text);
  if (!text || Number.isNaN(date.getTime())) return text;
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** Start the features of a page, each for itself: one that fails takes no other with it. */
export function start(...features) {
  for (const feature of features) {
    try {
      feature();
    } catch (error) {
      console.error(error);
    }
  }
}
