// Light or dark: as the system prefers, or as the switch was last set here. A plain script in the head, so that
// the page is never painted in the wrong colours; static/switch.js makes the switch.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // No storage: as the system prefers.
}
