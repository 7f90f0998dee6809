/** Asks PyPI for the name of this package, and says what installing with an extra index would do. */
import { fact, link, make } from "./dom.js";
import { compare } from "./pep440.js";
import { readReleases } from "./record.js";
import { ask, verdict } from "./pypi.js";
import { SHOWN } from "./releases.js";

export function checkPage() {
  const name = fact("name");
  const ours = readReleases().map(({ version, yanked }) => ({ version, yanked: yanked !== null }));
  if (!name || !ours.length) return;
  const commands = extraIndexCommands();
  let answer = null;
  let pin = null;
  const tell = () => answer && say({ name, answer, ...judge(answer, ours, pin) }, commands, question);
  const question = async () => {
    say({ name, level: "asking" }, commands);
    answer = await ask(name);
    tell();
  };
  document.addEventListener(SHOWN, ({ detail }) => {
    pin = detail.isNewest ? undefined : detail.release.version;
    tell();
  });
  question();
}

/** What would happen: the verdict, and with danger whether PyPI's version is ours too, so that pip may take either. */
function judge(answer, ours, pin) {
  const found = verdict(answer, ours, { pin });
  const equal = found.level === "danger" && ours.some(({ version }) => compare(version, found.version) === 0);
  return { ...found, equal };
}

/** The places of the command that asks both indexes; on an edited page whatever holds such a command. */
function extraIndexCommands() {
  const marked = [...document.querySelectorAll("[data-extra-index]")];
  if (marked.length) return marked;
  return [...document.querySelectorAll("pre")].filter((block) => block.textContent.includes("extra-index-url"));
}

function say(state, commands, again) {
  for (const command of commands) replace(command, state);
  for (const place of document.querySelectorAll("[data-check]")) {
    place.className = { clear: "safe", caution: "caution", unknown: "caution" }[state.level] ?? "";
    place.replaceChildren(...sentence(state, again));
  }
  atTheTop(state);
}

/** Where pip would take PyPI's, what would happen stands in place of the command. */
function replace(command, state) {
  const danger = state.level === "danger";
  command.hidden = danger;
  if (command.nextElementSibling?.matches("[data-danger]")) command.nextElementSibling.remove();
  if (danger) command.after(dangerNotice(state));
}

function dangerNotice({ name, version, equal }) {
  const verb = equal ? "may" : "would";
  const why = equal
    ? `PyPI has ${version} of a project of this name, too, and of two equal versions pip may take either.`
    : `With both indexes pip takes the highest version that it finds, and the one on PyPI is higher.`;
  return make(
    "div",
    { class: "notice danger", "data-danger": true },
    make("strong", {}, `Not with --extra-index-url: pip ${verb} install ${name} ${version} from PyPI.`),
    make("p", {}, `${why} That is somebody else's code, and it runs when it is installed. The other commands here are safe.`),
  );
}

function sentence({ level, name, version, answer }, again) {
  const pypi = link(`https://pypi.org/project/${encodeURIComponent(name)}/`, "a project of this name");
  switch (level) {
    case "asking":
      return ["Asking PyPI whether it has this name …"];
    case "clear":
      return [
        answer.exists ? "PyPI has this name, and nothing to install under it" : "PyPI has no project of this name",
        ", as of now. Should somebody make one, pip may take theirs: the command with -c stays safe.",
      ];
    case "caution":
      return ["PyPI has ", pypi, `, at ${version}. Today pip takes ours; it will take theirs as soon as it is higher.`];
    case "unknown": {
      const button = make("button", { type: "button", class: "button" }, "Ask again");
      button.addEventListener("click", again);
      return ["PyPI could not be asked whether it has this name. It may: the command with -c is the safe one. ", button];
    }
    default:
      return [];
  }
}

/** The warning has to be seen by those who look at another tab, too, and on a page that was edited. */
function atTheTop({ level, name, version, equal }) {
  document.querySelector("[data-on-pypi]")?.remove();
  if (level !== "danger" && level !== "caution") return;
  const project = link(`https://pypi.org/project/${encodeURIComponent(name)}/`, `${name} ${version}`);
  const danger = equal
    ? " is the same version as here. With both indexes pip may install it instead of ours: use the commands below as they are."
    : " is what pip installs with both indexes: use the commands below as they are, which take ours.";
  const caution = " is lower than ours, so pip passes over it today. The commands that take only ours stay safe.";
  const text = [make("strong", {}, "This name exists on PyPI."), " ", project, level === "danger" ? danger : caution];
  const role = level === "danger" ? "alert" : "status";
  const notice = make("p", { class: `notice ${level}`, "data-on-pypi": true, role }, ...text);
  const place = document.querySelector(".notices");
  if (place) place.prepend(notice);
  else (document.querySelector("main") ?? document.body).prepend(notice);
}
