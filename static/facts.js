/** Links out of what the record says: they are made here, since installers would take links in the page for files. */
import { day, fact, link, make, places, shown } from "./dom.js";
import { readReleases } from "./record.js";

export function facts() {
  const releases = readReleases();
  for (const field of ["homepage", "repository"]) {
    for (const place of places(field)) linked(place);
  }
  for (const item of places("urls").flatMap((list) => [...list.querySelectorAll("li")])) {
    const label = item.dataset.label;
    item.replaceChildren(link(shown(item), label || shown(item)));
    delete item.dataset.label;
  }
  releases.forEach((release, index) => linkRelease(release, releases[index + 1]));
}

const bare = (address) => address.replace(/^https?:\/\//, "").replace(/\/$/, "");

function linked(place) {
  const address = shown(place);
  if (/^https?:\/\//.test(address) && !place.querySelector("a")) place.replaceChildren(link(address, bare(address)));
}

/** A release's links: to itself, to its commit, its tag and what changed since the one before, and its date. */
function linkRelease(release, older) {
  const { element, version, commit, tag } = release;
  const heading = element.querySelector("h1, h2, h3, h4");
  if (heading && !heading.querySelector("a")) {
    heading.replaceChildren(make("a", { href: `#${version}` }, version));
  }
  for (const place of places("date", element)) place.textContent = day(release.date);
  const pages = forge(release.repository);
  for (const place of places("commit", element)) {
    const short = make("span", { title: commit }, commit.slice(0, 12));
    place.replaceChildren(pages ? link(`${pages.commit}${commit}`, short) : short);
    if (pages && older && older.repository === release.repository && older.commit !== commit) {
      const compare = link(`${pages.compare}${older.commit}...${commit}`, `changes since ${older.version}`);
      place.after(make("dd", {}, compare));
    }
  }
  for (const place of places("tag", element)) {
    if (pages) place.replaceChildren(link(`${pages.tree}${encodeURIComponent(tag).replaceAll("%2F", "/")}`, tag));
  }
}

/** Where a web page of a repository shows commits, comparisons and trees; null where that is not known. */
export function forge(repository) {
  let host;
  try {
    host = new URL(repository).hostname;
  } catch {
    return null;
  }
  if (!/^https?:/.test(repository)) return null;
  const base = repository.replace(/\.git$/, "").replace(/\/$/, "");
  const own = /^https?:\/\/([^/]+)/.exec(fact("site-repository"))?.[1];
  const ours = own === host || fact("site-repository").startsWith(`${host}/`);
  if (/(^|\.)gitlab\./.test(host)) {
    return { commit: `${base}/-/commit/`, compare: `${base}/-/compare/`, tree: `${base}/-/tree/` };
  }
  if (host === "github.com" || host === "codeberg.org" || ours) {
    return { commit: `${base}/commit/`, compare: `${base}/compare/`, tree: `${base}/tree/` };
  }
  return null;
}
