// Sends a sample file without leaving the page, so that the file chosen stays chosen.

const form = document.getElementById("sample-form");
const report = document.getElementById("report");

function say(text) {
  const said = document.createElement("p");
  said.className = "notice error";
  said.setAttribute("role", "alert");
  said.textContent = text;
  report.replaceChildren(said);
}

// The browser gives up a file that was saved anew after it was chosen.
async function explain() {
  const input = form.elements.file;
  try {
    await input.files[0].slice(0, 1).arrayBuffer();
    say(form.dataset.offline);
  } catch {
    say(form.dataset.changed);
    input.value = "";
    input.focus();
  }
}

async function send(address) {
  const reply = await fetch(address, {
    method: "POST", body: new FormData(form), headers: { "X-Requested-With": "soundings" },
  });
  if (reply.headers.get("Content-Type").startsWith("application/json")) {
    const { url, problem } = await reply.json();
    if (problem) return say(problem);
    const here = location.pathname === new URL(url, location.href).pathname;
    location.href = url;
    if (here) location.reload();
    return;
  }
  report.innerHTML = await reply.text();
  report.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  try {
    await send(event.submitter?.getAttribute("formaction") || form.action);
  } catch {
    await explain();
  } finally {
    buttons.forEach((button) => { button.disabled = false; });
  }
});
