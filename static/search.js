/** The list of packages: a search that filters while one types, an order, and keys to move in it. */
import { day, fact, make, places } from "./dom.js";

const WINDOW = 60; // cards that are put on the page at a time; the others follow when one scrolls

export function search() {
  const container = places("packages")[0];
  if (!container) return;
  const packages = [...container.querySelectorAll("[data-package]")].map(read);
  packages.forEach(polish);
  const field = document.querySelector("[data-search] input");
  const order = document.querySelector("[data-search] select");
  if (!packages.length || !field) return;
  const list = new List(container, packages);
  const show = () => {
    list.show(field.value, order?.value);
    keep(field.value, order?.value);
  };
  const asked = new URLSearchParams(location.search);
  field.value = asked.get("q") ?? field.value;
  if (order && asked.get("sort") === "newest") order.value = "newest";
  list.show(field.value, order?.value);
  field.addEventListener("input", show);
  order?.addEventListener("change", show);
  field.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    list.links()[0]?.focus();
  });
  keys(field, list, show);
}

const plain = (text) => text.toLowerCase().replace(/[-_.]+/g, "-");

function read(card) {
  const name = card.dataset.package;
  const date = fact("date", card);
  return { card, name, date, words: `${plain(name)} ${fact("summary", card).toLowerCase()}` };
}

/** What a card looks like with scripts: its date as people write it. */
function polish({ card, date }) {
  for (const place of places("date", card)) {
    if (place.tagName === "TIME") place.dateTime = date;
    place.textContent = day(date);
  }
}

/** How well a package answers: 0 is its very name, null not at all. */
function rank({ name, words }, terms, query) {
  if (!terms.every((term) => words.includes(term) || words.includes(plain(term)))) return null;
  const wanted = plain(query);
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return terms.every((term) => name.includes(plain(term))) ? 2 : 3;
}

class List {
  constructor(container, packages) {
    this.container = container;
    this.sentinel = make("div", { "aria-hidden": "true" });
    this.orders = {
      name: [...packages].sort((a, b) => (a.name < b.name ? -1 : 1)),
      newest: [...packages].sort((a, b) => (a.date === b.date ? (a.name < b.name ? -1 : 1) : a.date < b.date ? 1 : -1)),
    };
    this.waiting = [];
    this.counter = document.querySelector("[data-count]");
    this.nothing = make("p", { class: "none" });
    this.more = new IntersectionObserver(([entry]) => entry.isIntersecting && this.append(), { rootMargin: "1500px" });
  }

  /** Put the packages on the page that answer a query, in an order; a query is words that must all be there. */
  show(text, order = "name") {
    const query = text.trim().toLowerCase();
    const terms = query.split(/\s+/).filter(Boolean);
    let found = this.orders[order] ?? this.orders.name;
    const all = found.length;
    if (terms.length) {
      const groups = [[], [], [], []];
      for (const each of found) {
        const place = rank(each, terms, query);
        if (place !== null) groups[order === "newest" ? 0 : place].push(each);
      }
      found = groups.flat();
    }
    this.waiting = found.map(({ card }) => card);
    this.container.replaceChildren();
    this.append();
    if (!found.length) {
      this.nothing.textContent = `Nothing here has “${text.trim()}” in its name or summary.`;
      this.container.append(this.nothing);
    }
    if (this.counter) {
      const packages = all === 1 ? "package" : "packages";
      this.counter.textContent = terms.length ? `${found.length} of ${all} ${packages}` : `${all} ${packages}`;
    }
  }

  append() {
    this.sentinel.remove();
    this.container.append(...this.waiting.splice(0, WINDOW));
    if (!this.waiting.length) return;
    this.container.append(this.sentinel);
    this.more.unobserve(this.sentinel); // observed anew, it answers anew
    this.more.observe(this.sentinel);
  }

  links() {
    return [...this.container.querySelectorAll("[data-package] a[href]")];
  }
}

let timer = 0;
/** Keep the query in the address, so that it can be linked to and comes back with the back button. */
function keep(query, order) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const address = new URL(location.href);
    query ? address.searchParams.set("q", query) : address.searchParams.delete("q");
    order && order !== "name" ? address.searchParams.set("sort", order) : address.searchParams.delete("sort");
    history.replaceState(null, "", address);
  }, 200);
}

/** `/` goes to the field, the arrows through the list, Escape empties the field. */
function keys(field, list, show) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = document.activeElement;
    const writing = here?.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writing) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "Escape" && here === field && field.value) {
      event.preventDefault();
      field.value = "";
      show();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(event, field, list.links(), event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

function move(event, field, links, step) {
  const at = document.activeElement === field ? -1 : links.indexOf(document.activeElement);
  if (at < 0 && document.activeElement !== field) return;
  const to = at + step;
  if (to < -1 || to >= links.length) return;
  event.preventDefault();
  const target = to < 0 ? field : links[to];
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}
