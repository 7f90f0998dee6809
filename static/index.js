/** index.html. Each feature looks for its places on the page, and is silent where they are gone. */
import { checkCards } from "./check-cards.js";
import { copyButtons } from "./copy.js";
import { start } from "./dom.js";
import { search } from "./search.js";
import { site } from "./site.js";
import { themeSwitch } from "./switch.js";
import { tabs } from "./tabs.js";

start(themeSwitch, () => site("./"), tabs, () => copyButtons(), search, checkCards);
