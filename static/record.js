/** The releases of a package page as values, read from the elements that the record keeps them in. */
import { fact, places, shown } from "./dom.js";
import { compare, isPrerelease, parse } from "./pep440.js";

let all = null;

/** All releases, newest first, as the page was served: what is made of it for people changes nothing of them. */
export function readReleases() {
  all ??= [...document.querySelectorAll("[data-release]")]
    .map(read)
    .filter(({ version }) => parse(version))
    .sort((a, b) => compare(b.version, a.version));
  return all;
}

/** The newest final release that is not yanked; without one the newest not yanked; else the newest. */
export function latest(releases) {
  const offered = releases.filter(({ yanked }) => yanked === null);
  return offered.find(({ prerelease }) => !prerelease) ?? offered[0] ?? releases[0];
}

function read(element) {
  const anchor = places("link", element)[0];
  const items = (field) => places(field, element).flatMap((list) => [...list.querySelectorAll("li")]);
  const version = element.dataset.release;
  return {
    element,
    version,
    prerelease: isPrerelease(version),
    yanked: anchor?.getAttribute("data-yanked") ?? null,
    file: anchor?.getAttribute("href") ?? "",
    requiresPython: anchor?.dataset.requiresPython ?? "",
    tag: fact("tag", element),
    commit: fact("commit", element),
    date: fact("date", element),
    repository: fact("repository", element),
    description: fact("description", element),
    dependencies: items("requires-dist").map((item) => ({ text: shown(item), here: item.dataset.here ?? null })),
    extras: items("provides-extra").map(shown),
  };
}
