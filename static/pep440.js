/**
 * Versions of Python packages: read, normalized and compared as the PyPA specification "Version specifiers"
 * (PEP 440) says. https://packaging.python.org/en/latest/specifications/version-specifiers/
 *
 * A text is read once, from left to right and without going back, so a long one costs time in proportion to its
 * length. Numbers stay texts of digits: a version may hold one that no JavaScript number can.
 *
 * @typedef {object} Version  what {@link parse} gives; plain data, every number in decimal without leading zeros
 * @property {string} epoch  "0" where the text has none
 * @property {string[]} release  as written, trailing zeros too
 * @property {["a" | "b" | "rc", string] | null} pre
 * @property {string | null} post
 * @property {string | null} dev
 * @property {string[] | null} local  the segments, in lower case
 */

// The white space that Python's `str.strip` takes away, which is what the reference implementation ignores.
// JavaScript's own set differs: it has U+FEFF, and lacks U+001C to U+001F and U+0085.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

// "Pre-release spelling" and "Post release spelling"; of two words with one beginning, the longer comes first.
const PRE = [
  ["alpha", "a"], ["a", "a"], ["beta", "b"], ["b", "b"],
  ["preview", "rc"], ["pre", "rc"], ["c", "rc"], ["rc", "rc"],
];
const POST = [["post", "post"], ["rev", "post"], ["r", "post"]];
const DEV = [["dev", "dev"]];

const isDigit = (character) => character >= "0" && character <= "9";
const isAlphanumeric = (character) => isDigit(character) || (character >= "a" && character <= "z");
const isSeparator = (character) => character === "." || character === "-" || character === "_";

/** A place in a text that only moves forward. Past the end there is "", which is of no kind. */
class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  next(ahead = 0) {
    return this.text.charAt(this.at + ahead);
  }

  skip(character) {
    const found = this.next() === character;
    if (found) this.at += 1;
    return found;
  }

  skipSeparator() {
    const found = isSeparator(this.next());
    if (found) this.at += 1;
    return found;
  }

  /** The characters of a kind from here on, perhaps none. */
  while(isKind) {
    const start = this.at;
    while (isKind(this.next())) this.at += 1;
    return this.text.slice(start, this.at);
  }

  /** A word and its number, with the separators that each may have before it: [meaning, number], or null. */
  labelled(words) {
    const start = this.at + (isSeparator(this.next()) ? 1 : 0);
    const word = words.find(([spelling]) => this.text.startsWith(spelling, start));
    if (word === undefined) return null;
    this.at = start + word[0].length;
    this.skipSeparator();
    return [word[1], number(this.while(isDigit))]; // "Implicit pre-release number" and its like: none means 0
  }
}

/** "Integer normalization": leading zeros mean nothing, and no digits are a zero. */
function number(digits) {
  let start = 0;
  while (start < digits.length - 1 && digits[start] === "0") start += 1;
  return digits.slice(start) || "0";
}

function strip(text) {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text[start])) start += 1;
  while (end > start && SPACE.test(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function readRelease(reader, first) {
  const release = [number(first)];
  while (reader.next() === "." && isDigit(reader.next(1))) {
    reader.at += 1;
    release.push(number(reader.while(isDigit)));
  }
  return release;
}

function readPost(reader) {
  // "Implicit post releases": 1.0-1, with a hyphen and nothing else.
  if (reader.next() === "-" && isDigit(reader.next(1))) {
    reader.at += 1;
    return number(reader.while(isDigit));
  }
  return reader.labelled(POST)?.[1] ?? null;
}

/** "Local version segments": null without one, undefined where there is one that is not valid. */
function readLocal(reader) {
  if (!reader.skip("+")) return null;
  const segments = [];
  do {
    const segment = reader.while(isAlphanumeric);
    if (!segment) return undefined;
    segments.push(isNumeric(segment) ? number(segment) : segment);
  } while (reader.skipSeparator());
  return segments;
}

/**
 * A version, or null for what is none. Follows "Normalization" and "Appendix: Parsing version strings with regular
 * expressions".
 *
 * @param {unknown} text
 * @returns {Version | null}
 */
export function parse(text) {
  if (typeof text !== "string") return null;
  const stripped = strip(text);
  if (/[^!-~]/.test(stripped)) return null; // before lower case, which makes a k of the kelvin sign
  const reader = new Reader(stripped.toLowerCase());
  reader.skip("v"); // "Preceding v character"
  let epoch = "0";
  let digits = reader.while(isDigit);
  if (digits && reader.skip("!")) {
    epoch = number(digits);
    digits = reader.while(isDigit);
  }
  if (!digits) return null;
  const release = readRelease(reader, digits);
  const pre = reader.labelled(PRE);
  const post = readPost(reader);
  const dev = reader.labelled(DEV)?.[1] ?? null;
  const local = readLocal(reader);
  if (local === undefined || reader.next()) return null;
  return { epoch, release, pre, post, dev, local };
}

/** The version of an argument, which may be a text or one that was parsed before. */
function version(value) {
  const parsed = typeof value === "string" ? parse(value) : value;
  if (!parsed?.release) throw new TypeError(`not a version: ${String(value).slice(0, 100)}`);
  return parsed;
}

/**
 * The normal form of a version, as in `1!2.0rc1.post3.dev4+local.5`.
 *
 * @param {string | Version} value
 * @returns {string}
 * @throws {TypeError} for a text that is no version; so do {@link compare} and {@link isPrerelease}
 */
export function normalize(value) {
  const { epoch, release, pre, post, dev, local } = version(value);
  return [
    epoch === "0" ? "" : `${epoch}!`,
    release.join("."),
    pre === null ? "" : pre.join(""),
    post === null ? "" : `.post${post}`,
    dev === null ? "" : `.dev${dev}`,
    local === null ? "" : `+${local.join(".")}`,
  ].join("");
}

/**
 * Whether a version is a pre-release, which developmental releases are too ("Handling of pre-releases").
 *
 * @param {string | Version} value
 * @returns {boolean}
 */
export function isPrerelease(value) {
  const { pre, dev } = version(value);
  return pre !== null || dev !== null;
}

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const isNumeric = (text) => isDigit(text.charAt(0)) && !/[^0-9]/.test(text);

/** Of two numbers without leading zeros the one with more digits is the greater. */
const orderNumbers = (a, b) => order(a.length, b.length) || order(a, b);

function orderLists(a, b, orderItems) {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const found = orderItems(a[index], b[index]);
    if (found) return found;
  }
  return 0;
}

/** "Local version identifiers": numbers above words, and of two the one that goes on is the greater. */
function orderSegments(a, b) {
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const numeric = [isNumeric(a), isNumeric(b)];
  if (numeric[0] !== numeric[1]) return numeric[0] ? 1 : -1;
  return numeric[0] ? orderNumbers(a, b) : order(a, b);
}

/** "Summary of permitted suffixes and relative ordering": where in its release a version stands, first of all. */
function stage({ pre, post, dev }) {
  if (pre !== null) return pre[0]; // "a" < "b" < "rc", as texts too
  return post === null && dev !== null ? "" : "~"; // 1.0.dev1 is below 1.0a1; 1.0 and 1.0.post1.dev1 above 1.0rc1
}

/**
 * How two versions stand: -1 where the first is the lower, 1 where it is the higher, 0 where they are one version
 * (1.0 and 1.0.0 are). The order is total; it is that of "Summary of permitted suffixes and relative ordering".
 *
 * @param {string | Version} first
 * @param {string | Version} second
 * @returns {-1 | 0 | 1}
 */
export function compare(first, second) {
  const a = version(first);
  const b = version(second);
  return (
    orderNumbers(a.epoch, b.epoch) ||
    orderLists(a.release, b.release, (left = "0", right = "0") => orderNumbers(left, right)) ||
    order(stage(a), stage(b)) ||
    (a.pre !== null ? orderNumbers(a.pre[1], b.pre[1]) : 0) ||
    orderAbsent(a.post, b.post, -1) ||
    orderAbsent(a.dev, b.dev, 1) ||
    orderLists(a.local ?? [], b.local ?? [], orderSegments)
  );
}

/** Two numbers either of which may be absent; `absent` tells whether that is the lower (-1) or the higher (1). */
function orderAbsent(a, b, absent) {
  if (a === null || b === null) return a === b ? 0 : a === null ? absent : -absent;
  return orderNumbers(a, b);
}
