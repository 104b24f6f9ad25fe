// Copies a text of the page and says so.
for (const button of document.querySelectorAll("[data-copies]")) {
  const key = button.dataset.copies;
  const said = document.querySelector(`[data-said="${key}"]`);
  button.addEventListener("click", async () => {
    const text = document.getElementById(key);
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = said.dataset.done;
    } catch {
      // Without leave to use the clipboard: mark the text, so that Ctrl+C takes it.
      getSelection().selectAllChildren(text);
    }
  });
}
