// The desk: Enter or N takes the next case.

const next = document.getElementById("next");
next.focus();

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const isFree = !event.target.closest("input, select, textarea, button, a");
  if (event.key.toLowerCase() === "n" || (event.key === "Enter" && isFree)) next.click();
});
