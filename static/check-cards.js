/** Asks PyPI for the name of each package that comes into view on index.html, and marks those that it has. */
import { fact, make, places } from "./dom.js";
import { ask, verdict } from "./pypi.js";

const AT_ONCE = 4; // questions under way
const DWELL = 300; // milliseconds that a card must stay in view: who scrolls past asks nothing

export function checkCards() {
  const cards = [...document.querySelectorAll("[data-package]")];
  if (!cards.length) return;
  const timers = new Map();
  const queue = new Queue();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (!isIntersecting) continue;
      timers.set(target, setTimeout(() => {
        observer.unobserve(target);
        queue.add(target);
      }, DWELL));
    }
  });
  cards.forEach((card) => observer.observe(card));
}

class Queue {
  constructor() {
    this.waiting = [];
    this.underWay = 0;
    this.unknown = 0;
  }

  add(card) {
    this.waiting.push(card);
    this.next();
  }

  async next() {
    if (this.underWay >= AT_ONCE || !this.waiting.length) return;
    this.underWay += 1;
    const card = this.waiting.shift();
    const ours = { version: fact("version", card), yanked: fact("badges", card).includes("deprecated") };
    mark(card, verdict(await ask(card.dataset.package), [ours]), this);
    this.underWay -= 1;
    this.next();
  }
}

function mark(card, { level, version }, queue) {
  if (level === "unknown") {
    queue.unknown += 1;
    note(queue.unknown);
  }
  if (level !== "danger" && level !== "caution") return;
  const list = places("badges", card)[0] ?? card.appendChild(make("ul", { class: "badges" }));
  list.append(make("li", { class: `badge ${level}` }, `name exists on PyPI: ${version}`));
}

function note(count) {
  const place = document.querySelector("[data-check-note]");
  if (!place) return;
  place.textContent =
    `PyPI could not be asked for ${count === 1 ? "one name" : `${count} names`} that you have seen: it may have them.`;
}
