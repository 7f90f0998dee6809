/** A package page. Each feature looks for its places on the page, and is silent where they are gone. */
import { checkPage } from "./check-page.js";
import { copyButtons } from "./copy.js";
import { description } from "./description.js";
import { start } from "./dom.js";
import { facts } from "./facts.js";
import { releases } from "./releases.js";
import { site } from "./site.js";
import { themeSwitch } from "./switch.js";
import { tabs } from "./tabs.js";

start(themeSwitch, () => site("../"), tabs, description, () => copyButtons(), facts, checkPage, releases);
