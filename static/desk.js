// The desk: Enter or N takes the next case; what an interrupted interview left is sent first.

import { sendLeftovers } from "./interview/leftovers.js";

const next = document.getElementById("next");
next.focus();

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const isFree = !event.target.closest("input, select, textarea, button, a");
  if (event.key.toLowerCase() === "n" || (event.key === "Enter" && isFree)) next.click();
});

const unsaved = document.getElementById("unsaved");

sendLeftovers(document.querySelector("meta[name=csrf-token]").content, (names) => {
  unsaved.querySelector("b").textContent = names.join(", ");
  unsaved.hidden = false;
}).catch(() => {
  // Without a line they stay where they are, for the next visit.
});
