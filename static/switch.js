/** The switch between light and dark. What it is set to is read by theme.js before the next page is painted. */
import { make, remember } from "./dom.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

export function themeSwitch() {
  const button = make("button", { type: "button", class: "button theme" });
  const name = () => (button.textContent = isDark() ? "Light theme" : "Dark theme");
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
    name();
  });
  system.addEventListener("change", name);
  name();
  const places = ["[data-theme-switch]", ".bar", "header", "body"].map((place) => document.querySelector(place));
  places.find(Boolean).append(button);
}
