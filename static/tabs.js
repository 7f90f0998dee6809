/** Sections as tabs, by the pattern of the ARIA Authoring Practices; the tool that was chosen is remembered. */
import { make, recall, remember, shown } from "./dom.js";

const CHOSEN = "installer";

export function tabs() {
  document.querySelectorAll("[data-tabs]").forEach(makeTabs);
}

function makeTabs(set, number) {
  const panels = [...set.children].filter((child) => child.dataset.tab);
  if (panels.length < 2) return;
  const buttons = panels.map((panel, index) => tabOf(panel, `tab-${number}-${index}`));
  const list = make("div", { role: "tablist", class: "tabs", "aria-label": shown(labelOf(set)) || "Installers" });
  list.append(...buttons);
  const choose = (chosen) => {
    buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", index === chosen);
      button.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
  };
  const chooseByHand = (index) => {
    choose(index);
    remember(CHOSEN, panels[index].dataset.tab);
  };
  buttons.forEach((button, index) => button.addEventListener("click", () => chooseByHand(index)));
  list.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: last }[event.key];
    if (here < 0 || to === undefined) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    chooseByHand(next);
    buttons[next].focus();
  });
  set.dataset.tabs = "on";
  set.prepend(list);
  choose(Math.max(0, panels.findIndex((panel) => panel.dataset.tab === recall(CHOSEN))));
}

function tabOf(panel, id) {
  const button = make("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel` }, panel.dataset.tab);
  panel.id = `${id}-panel`;
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", id);
  const heading = panel.firstElementChild;
  if (heading && /^h\d$/i.test(heading.tagName)) heading.hidden = true;
  return button;
}

const labelOf = (set) => document.getElementById(set.closest("[aria-labelledby]")?.getAttribute("aria-labelledby"));
