/** A button on each block of code that copies it. */
import { make } from "./dom.js";

/** Give the blocks in a part of the page their buttons. */
export function copyButtons(root = document) {
  for (const block of root.querySelectorAll(".install pre, .prose pre")) {
    if (block.parentElement.classList.contains("copyable")) continue;
    const frame = make("div", { class: "copyable" });
    block.replaceWith(frame);
    frame.append(block, button(block));
  }
}

function button(block) {
  const made = make("button", { type: "button", class: "button copy" }, "Copy");
  let timer = 0;
  made.addEventListener("click", async () => {
    const done = await copy(block);
    announce(done ? "Copied" : "Could not copy: the text is selected");
    made.textContent = done ? "Copied" : "Press Ctrl+C";
    clearTimeout(timer);
    timer = setTimeout(() => (made.textContent = "Copy"), 2000);
  });
  return made;
}

/** Put the text of a block on the clipboard; where that is not allowed, select it. */
async function copy(block) {
  try {
    await navigator.clipboard.writeText(block.textContent.trim());
    return true;
  } catch {
    getSelection().selectAllChildren(block);
    return false;
  }
}

/** Say something to those who cannot see it. */
function announce(text) {
  let speaker = document.getElementById("said");
  if (!speaker) {
    speaker = make("p", { id: "said", role: "status", class: "unseen" });
    (document.querySelector("main") ?? document.body).append(speaker);
  }
  speaker.textContent = "";
  setTimeout(() => (speaker.textContent = text), 50);
}
