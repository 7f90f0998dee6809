/**
 * Whether PyPI has a project of a name, and whether an installer that asks both indexes would take PyPI's.
 *
 * Reads PyPI's "Simple repository API" (PEP 691; yanked files are PEP 592's), and knows files by the names that the
 * specifications "Binary distribution format", "Source distribution format" and "Names and normalization" give them.
 */
import { compare, isPrerelease, normalize, parse } from "./pep440.js";

const PYPI = "https://pypi.org";
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const LIMIT = 10_000; // milliseconds, for the whole answer

// What pip unpacks, but for wheels.
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|tbz|tar\.bz2|txz|tlz|tar\.xz|tar\.lz|tar\.lzma)$/;

/**
 * @typedef {object} Offered  one version of a project
 * @property {string} version  in normal form
 * @property {boolean} yanked  every file of it is
 *
 * @typedef {object} Answer
 * @property {boolean} known  false where PyPI could not be asked, or its answer not be understood
 * @property {boolean} exists  PyPI has a project of this name, though it may have nothing to install
 * @property {Offered[]} versions  those with a file that pip could install on some machine, newest first
 *
 * @typedef {object} Verdict
 * @property {"unknown" | "clear" | "caution" | "danger"} level
 * @property {string | null} version  PyPI's: with "danger" the one that pip takes or may take, with "caution" the one
 *   that it would take if it asked PyPI alone
 */

const answer = (known, exists, versions = []) => ({ known, exists, versions });
const unknown = () => answer(false, false);

/** A project's name in normal form, "" for what is no name. */
function normalizeName(name) {
  const valid = typeof name === "string" && /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name);
  return valid ? name.toLowerCase().replace(/[-_.]+/g, "-") : "";
}

/**
 * What PyPI says of a name. Never rejects: what could not be asked or understood is an answer that is not known.
 *
 * Sends no cookies and no referrer, so that PyPI does not learn which index asks.
 *
 * @param {string} name
 * @param {object} [options]
 * @param {AbortSignal} [options.signal]
 * @param {string} [options.base]  where the API is
 * @param {number} [options.limit]  milliseconds to wait
 * @returns {Promise<Answer>}
 */
export async function ask(name, { signal, base = PYPI, limit = LIMIT } = {}) {
  const project = normalizeName(name);
  if (!project) return unknown();
  const clock = new AbortController();
  const stop = () => clock.abort();
  const timer = setTimeout(stop, limit);
  try {
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) return unknown();
    const response = await fetch(`${base}/simple/${project}/`, {
      headers: { Accept: JSON_TYPE },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: clock.signal,
    });
    // PyPI redirects no name in normal form, so "not found" at the end of a redirect is not PyPI's word.
    if (response.status === 404 && !response.redirected) return answer(true, false);
    const type = (response.headers.get("Content-Type") ?? "").split(";", 1)[0].trim().toLowerCase();
    if (response.status !== 200 || type !== JSON_TYPE) return unknown();
    return read(await response.json(), project);
  } catch {
    return unknown();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    stop(); // lets go of a body that was not read
  }
}

/**
 * The answer in a project's page ("Project details"), checked as far as it is read.
 *
 * Versions come from the names of files alone, as they do in pip. The page's own list `versions` (PEP 700) is not
 * read: it may name versions that have no file, which nobody can install, and api-version 1.0 is without it. Nor is
 * `project-status` (PEP 792): a quarantined project offers no files, and pip takes those of an archived one.
 */
function read(page, project) {
  const major = /^(\d+)\.\d+$/.exec(page.meta["api-version"])?.[1];
  if (major !== "1" || normalizeName(page.name) !== project || !Array.isArray(page.files)) return unknown();
  const found = [];
  for (const { filename, yanked = false } of page.files) {
    if (typeof filename !== "string" || !["boolean", "string"].includes(typeof yanked)) return unknown();
    const version = versionOf(filename, project);
    if (version) found.push({ version, yanked: Boolean(yanked) }); // a text is the reason; an empty one means no
  }
  found.sort((a, b) => compare(b.version, a.version));
  const versions = [];
  let last = null;
  for (const { version, yanked } of found) {
    if (last && compare(last, version) === 0) versions.at(-1).yanked &&= yanked;
    else versions.push({ version: normalize(version), yanked });
    last = version;
  }
  return answer(true, true, versions);
}

/**
 * The version of a file that pip could install as this project, or null.
 *
 * Which Python and platform a wheel is for is not looked at: a machine that it suits may be anyone's.
 */
function versionOf(filename, project) {
  if (filename.endsWith(".whl")) {
    // "File name convention": name-version(-build)-python-abi-platform.whl, where a build starts with a digit.
    const parts = filename.split("-");
    const valid = parts.length === 5 || (parts.length === 6 && /^\d/.test(parts[2]));
    if (!valid || normalizeName(parts[0]) !== project) return null;
    return parse(parts[1]) ?? parse(parts[1].replaceAll("_", "-")); // pip up to 25.2 reads _ as -
  }
  // "Source distribution file name", as pip finds where the name ends in old files too: by knowing the name.
  const name = new RegExp(`^${project.replaceAll("-", "[-_.]+")}-`, "i").exec(filename)?.[0];
  if (!name || !ARCHIVE.test(filename)) return null;
  const text = filename.slice(name.length).replace(ARCHIVE, "");
  return parse(text.replace(/-py[123](\.?[0-9])?$/, "")); // pip takes such an ending for the Python that it is for
}

/**
 * The candidate that pip takes, of two equal ones the first; undefined without any.
 *
 * As read in pip 26.3, `_internal/index/package_finder.py` and `_internal/resolution/resolvelib/factory.py`, and in
 * effect the same since 20.3:
 * - The files of every index go into one list. Which index a file came from counts for nothing.
 * - `CandidateEvaluator.get_applicable_candidates` has `SpecifierSet.filter` go over that list. Without a specifier it
 *   drops all pre-releases where there is one final release. This comes before yanking is looked at: a final release
 *   that is yanked on one index hides the pre-releases of both.
 * - `_sort_key` orders by version; within one version by kind of file, a wheel that fits above an sdist.
 * - `_iter_found_candidates` goes down from the highest and passes over what is yanked. Where all of it is yanked,
 *   pip takes the highest all the same: since 22.0 only if the requirement is pinned (else it installs nothing),
 *   before that always. The older pips decide here, so that nobody is told less than what may happen.
 */
function choose(candidates) {
  const finals = candidates.filter(({ version }) => !isPrerelease(version));
  const applicable = finals.length ? finals : candidates;
  const standing = applicable.filter(({ yanked }) => !yanked);
  const pool = standing.length ? standing : applicable;
  return [...pool].sort((a, b) => compare(b.version, a.version))[0];
}

const candidates = (offered, mine) =>
  offered.flatMap(({ version, yanked }) => {
    const parsed = parse(version);
    return parsed ? [{ version: parsed, yanked: Boolean(yanked), mine }] : [];
  });

/** Whether `name==pin` allows a version: "Version matching" passes over a local version that the pin has not. */
function matches(version, pin) {
  return compare(pin.local === null ? { ...version, local: null } : version, pin) === 0;
}

/**
 * What `pip install NAME --extra-index-url THIS-INDEX` would do, with PyPI as the other index.
 *
 * "unknown": PyPI could not be checked. "clear": it has nothing of this name that could be installed. "danger": pip
 * takes PyPI's; or may, as it may where both have the same version. "caution": pip takes this index's today.
 *
 * A "caution" is no promise: pip takes PyPI's lower version where ours cannot be had, because it does not allow
 * someone's Python, or in pip 20.3.2 to 21.3 because someone may not read the repository and so cannot build it.
 *
 * @param {Answer} answer
 * @param {Offered[]} ourVersions  this index's releases
 * @param {object} [options]
 * @param {string} [options.pin]  the version, where the command is `pip install NAME==VERSION`
 * @returns {Verdict}
 */
export function verdict({ known, versions }, ourVersions, { pin } = {}) {
  if (!known) return { level: "unknown", version: null };
  const theirs = candidates(versions, false);
  if (!theirs.length) return { level: "clear", version: null };
  const both = [...theirs, ...candidates(ourVersions, true)]; // PyPI's first: of equals pip may take either
  const pinned = parse(pin);
  const taken = choose(pinned ? both.filter(({ version }) => matches(version, pinned)) : both);
  const danger = taken?.mine === false;
  return { level: danger ? "danger" : "caution", version: normalize((danger ? taken : choose(theirs)).version) };
}
