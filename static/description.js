/** Long descriptions: the newest is in the page, the others are fetched from the pages of their own. */
import { followed, link, make, places } from "./dom.js";
import { copyButtons } from "./copy.js";

const TAGS = new Set(
  ("a abbr aside b blockquote br caption cite code col colgroup dd del details div dl dt em figcaption figure h2 h3 h4 " +
    "h5 h6 hr i img kbd li nav ol p pre section span strong sub summary sup table tbody td th thead tr tt ul var").split(" "),
);
const ATTRIBUTES = new Set(["align", "aria-label", "class", "colspan", "id", "role", "rowspan", "start", "tabindex", "title"]);

let current = null; // the file whose text is on the page

/** Make links of what the served page only says. */
export function description() {
  for (const place of places("readme")) {
    for (const text of [...place.querySelectorAll("[data-to]")].reverse()) {
      const anchor = link(text.dataset.to, ...text.childNodes);
      anchor.className = text.className;
      if (text.id) anchor.id = text.id;
      text.replaceWith(anchor);
    }
    wayToImages(place, null);
  }
}

/** Tell which file's text the page was served with. */
export function served(file) {
  current = file;
  for (const place of places("readme")) wayToImages(place, page(file));
}

const page = (file) => `${file.replace(/\.[^.]*$/, "")}.html`;

/** Show the description of a release; `file` is "" without one. */
export async function showDescription(file) {
  if (file === current) return;
  current = file;
  const frames = places("when-described");
  for (const frame of frames) frame.hidden = !file;
  const where = places("readme");
  if (!file || !where.length) return;
  for (const frame of frames) frame.setAttribute("aria-busy", "true");
  let made;
  try {
    const response = await fetch(encodeURIComponent(page(file)));
    if (!response.ok) throw new Error(`${response.status}`);
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    made = [...parsed.querySelector(".prose").childNodes].flatMap(copied);
  } catch {
    made = [make("p", {}, "The description of this release could not be loaded.")];
  }
  if (file !== current) return; // another release was chosen meanwhile
  for (const frame of frames) frame.removeAttribute("aria-busy");
  for (const place of where) {
    place.replaceChildren(...made);
    wayToImages(place, page(file));
    copyButtons(place.parentElement ?? document);
  }
}

/** A copy of a node of a fetched page, made of what a description may hold and of nothing else. */
function copied(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const name = node.localName;
  if (!TAGS.has(name)) return [];
  if (name === "img") return [image(node)];
  const children = [...node.childNodes].flatMap(copied);
  const href = name === "a" ? followed(node.getAttribute("href") ?? "") : "";
  const made = name === "a" ? (href ? link(href, ...children) : make("span", {}, ...children)) : make(name, {}, ...children);
  for (const { name: key, value } of node.attributes) {
    if (ATTRIBUTES.has(key)) made.setAttribute(key, value);
  }
  return [made];
}

/** What stands for an image: a page that shows packages tells no other site who looks at them. */
function image(node) {
  const label = node.getAttribute("alt")?.trim() || "image";
  const made = node.closest("a") ? make("span", {}, label) : link(node.getAttribute("src") ?? "", label);
  made.className = "image";
  return made;
}

/** Beside a description that has images, a link to its own page, which shows them. */
function wayToImages(place, address) {
  const frame = place.parentElement;
  frame.querySelector(":scope > .images")?.remove();
  if (!address || !place.querySelector(".image")) return;
  const note = make("p", { class: "images" }, "Images are not loaded here. ", link(address, "Show it with its images"));
  place.after(note);
}
