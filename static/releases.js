/** Selecting a release: commands, facts and description follow it, and the address of the page names it. */
import { day, fact, link, make, places } from "./dom.js";
import { served, showDescription } from "./description.js";
import { latest, readReleases } from "./record.js";
import { siteUrl } from "./site.js";

/** The event that the document gets when another release is shown; its detail is the release and whether it is newest. */
export const SHOWN = "release-shown";

export function releases() {
  const all = readReleases();
  if (!all.length) return;
  const newest = latest(all);
  served(newest.description);
  const picker = pick(all, newest);
  const named = () => all.find(({ version }) => version === fragment());
  const follow = (moved) => {
    const release = named() ?? newest;
    if (moved && location.hash && !named()) return; // a place in the description
    show(release, newest);
    if (picker) picker.value = release.version;
    if (named()) scrollTo({ top: 0 });
  };
  addEventListener("hashchange", () => follow(true));
  follow(false);
  withNeeds(newest, () => named() ?? newest);
}

/** What the address names behind its #; version numbers have signs that may be escaped there. */
function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

/** A choice of releases beside the name; with one release there is nothing to choose. */
function pick(all, newest) {
  const line = document.querySelector(".released");
  if (!line || all.length < 2) return null;
  const select = make("select", { id: "release" });
  for (const { version, prerelease, yanked } of all) {
    const said = [version === newest.version && "newest", prerelease && "pre-release", yanked !== null && "yanked"];
    const words = said.filter(Boolean).join(", ");
    select.append(make("option", { value: version }, words ? `${version} (${words})` : version));
  }
  select.addEventListener("change", () => {
    const version = select.value;
    if (version === newest.version) {
      history.pushState(null, "", location.pathname + location.search);
      dispatchEvent(new HashChangeEvent("hashchange"));
    } else location.hash = version;
  });
  line.append(
    make("span", { class: "picker" }, make("label", { for: "release", class: "unseen" }, "Release"), select),
    link("#releases", `All ${all.length} releases`),
  );
  return select;
}

function show(release, newest) {
  const isNewest = release === newest;
  const name = fact("name");
  write("shown-version", release.version);
  for (const place of places("shown-date")) {
    if (place.tagName === "TIME") place.dateTime = release.date;
    place.textContent = day(release.date);
  }
  write("shown-requires-python", release.requiresPython);
  write("shown-tag", release.tag);
  write("shown-commit", release.commit);
  write("shown-yanked", release.yanked ? `Reason: ${release.yanked}` : "");
  write("shown-file", release.file);
  commands(release, isNewest, name);
  for (const list of places("shown-requires-dist")) list.replaceChildren(...release.dependencies.map(dependency));
  for (const list of places("shown-provides-extra")) list.replaceChildren(...release.extras.map((text) => make("li", {}, text)));
  when("when-latest", isNewest);
  when("when-older", !isNewest);
  when("when-yanked", release.yanked !== null && newest.yanked === null);
  older(release, newest);
  for (const element of document.querySelectorAll("[data-release]")) {
    if (element === release.element) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  }
  if (name) document.title = isNewest ? name : `${name} ${release.version}`;
  showDescription(release.description);
  document.dispatchEvent(new CustomEvent(SHOWN, { detail: { release, isNewest } }));
}

const write = (field, text) => places(field).forEach((place) => (place.textContent = text));
const when = (field, holds) => places(field).forEach((place) => (place.hidden = !holds));

function dependency({ text, here }) {
  return make("li", {}, here ? link(`../${here}/`, text) : text);
}

function older(release, newest) {
  for (const place of document.querySelectorAll("[data-older]")) {
    place.hidden = release === newest;
    const back = make("a", { href: location.pathname + location.search }, newest.version);
    back.addEventListener("click", (event) => {
      event.preventDefault();
      history.pushState(null, "", back.href);
      dispatchEvent(new HashChangeEvent("hashchange"));
    });
    place.replaceChildren(make("b", {}, `This is ${release.version}.`), " The newest release is ", back, ".");
  }
}

/** What must come from this index: the package, and what it needs that is here, each as a requirement. */
function needed(release, isNewest, name) {
  const special = release.prerelease || release.version.includes("+");
  const all = new Map([[name, `${isNewest && !special ? ">=" : "=="}${release.version}`]]);
  for (const { text, here } of release.dependencies) {
    // "Dependency specifiers": name, extras in brackets, versions (in parentheses or not), and a marker after ;
    const versions = /^[\w.-]+\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)/.exec(text)?.[1].trim() ?? "";
    if (here && !all.has(here) && !/;.*\bextra\b/.test(text)) all.set(here, versions);
  }
  for (const here of (isNewest && release.needs) || []) {
    if (!all.has(here)) all.set(here, "");
  }
  return all;
}

function commands(release, isNewest, name) {
  const all = [...needed(release, isNewest, name)];
  const site = siteUrl("../");
  write("shown-requirement", `${name}${all[0][1]}`);
  write("shown-names", all.map(([each]) => `"${each}"`).join(", "));
  write("shown-requirements", all.map(([each, versions]) => `"${each}${versions}"`).join(", "));
  write("shown-uv", all.map(([each]) => `${each} = { index = "our-index" }`).join("\n"));
  const poetry = ([each, versions]) => `${each} = { version = "${versions || "*"}", source = "our-index" }`;
  write("shown-poetry", all.map(poetry).join("\n"));
  for (const place of document.querySelectorAll("[data-pin]")) place.textContent = isNewest ? "" : `==${release.version}`;
  for (const place of document.querySelectorAll("[data-constraints]")) {
    place.textContent = all.slice(1).map(([each]) => ` -c ${site}${each}/constraints.txt`).join("");
  }
}

/** The newest release's constraints name all that it needs of this index, what its dependencies need too. */
async function withNeeds(newest, current) {
  if (!newest.dependencies.some(({ here }) => here)) return;
  try {
    const response = await fetch("constraints.txt");
    if (!response.ok) return;
    newest.needs = [...(await response.text()).matchAll(/^([\w.-]+) @ /gm)].map(([, name]) => name);
  } catch {
    return; // the direct dependencies are there all the same
  }
  if (current() === newest) commands(newest, true, fact("name"));
}
