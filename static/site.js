/** What a page knows of its site: its address, which is its own, and the repository that it is made from. */
import { fact, link, make, places, shown } from "./dom.js";

/** The address of the index, with a / at its end. `up` is where it lies from the page. */
export const siteUrl = (up) => new URL(up, location.href).href.replace(/[?#].*$/, "");

/** The repository of the index: as published, or as a GitHub Pages address tells; "" for unknown. */
export function repository(up) {
  const published = fact("site-repository");
  if (/^https?:\/\//.test(published)) return published;
  const { hostname, pathname } = new URL(siteUrl(up));
  const owner = /^([\w-]+)\.github\.io$/.exec(hostname)?.[1];
  if (!owner) return "";
  return `https://github.com/${owner}/${pathname.split("/")[1] || hostname}`;
}

/** Write the site's address into commands, and make links of what stands for a place on it or in its repository. */
export function site(up) {
  for (const place of places("site-url")) place.textContent = siteUrl(up);
  for (const form of document.querySelectorAll(".bar form")) {
    const button = form.querySelector("button");
    const home = make("a", { href: form.getAttribute("action"), class: "home" }, ...(button ?? form).childNodes);
    form.replaceWith(home);
  }
  const address = repository(up);
  if (!address) return;
  for (const place of places("site-repository")) place.replaceChildren(link(address, address.replace(/^https?:\/\//, "")));
  const targets = {
    private: [" ", link(`${address}#private-packages`, "How to give git access"), "."],
    register: [" (", link(`${address}/actions/workflows/register.yml`, "the form is here"), ")"],
  };
  for (const place of document.querySelectorAll("[data-link]")) {
    if (!shown(place)) place.replaceChildren(...(targets[place.dataset.link] ?? []));
  }
}
