// The model editor: one model, seen as a diagram, as a list of constructs and as a matrix. Every
// change goes through `change`, which shows it everywhere and lets the server check and lay it out.
import { drawn } from "./model/drawing.js";
import { listed } from "./model/lists.js";

const PAUSE = 150;
const LONGEST_NAME = 64;

const root = document.getElementById("editor");
const form = document.getElementById("save");
const text = form.elements.model;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const items = read("editor-items");
const texts = read("editor-texts");
const labels = read("editor-labels");
const model = opened(text.value);
let asked = 0;
let waiting = 0;

export function say(key, values = {}) {
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`%(${name})s`, value), texts[key]);
}

function opened(written) {
  let found = {};
  try {
    found = JSON.parse(written);
  } catch {
    // What cannot be read stays in the text, where its problems are told.
  }
  return { ...found, constructs: found.constructs || [], paths: found.paths || [] };
}

function change(act) {
  act(model);
  show();
  clearTimeout(waiting);
  waiting = setTimeout(check, PAUSE);
}

function show() {
  const { scale, scales, reversed, missing_code, ...own } = model;
  text.value = JSON.stringify(own, null, 1);
  lists.show();
}

async function check() {
  const own = ++asked;
  let found;
  try {
    const reply = await fetch(root.dataset.check, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
        "X-Requested-With": "soundings",
      },
      body: text.value,
    });
    if (!reply.ok) throw new Error(`check: ${reply.status}`);
    found = await reply.json();
  } catch {
    document.getElementById("said").textContent = texts.offline;
    return;
  }
  if (own !== asked) return;
  drawing.show(found.drawing, found.problems);
  tell(found);
}

function tell(found) {
  const list = document.getElementById("live-problems");
  const lines = found.problems.map((problem) => {
    const line = document.createElement("li");
    line.className = problem.is_error ? "error" : "warning";
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = problem.is_error ? texts.error : texts.warning;
    const link = document.createElement("button");
    link.type = "button";
    link.className = "plain";
    link.textContent = problem.text;
    link.addEventListener("click", () => lists.land(problem.place));
    line.append(kind, link);
    return line;
  });
  if (!lines.length) {
    const line = document.createElement("li");
    line.className = "fine";
    line.textContent = texts.fine;
    lines.push(line);
  }
  list.replaceChildren(...lines);
  document.getElementById("save-button").disabled = !found.is_fine;
}

export function freshName() {
  const taken = new Set(model.constructs.map((own) => own.name));
  let number = model.constructs.length + 1;
  while (taken.has(say("construct", { number }))) number += 1;
  return say("construct", { number }).slice(0, LONGEST_NAME);
}

const tools = { model, items, texts, labels, say, change, freshName };
const drawing = drawn(tools);
const lists = listed(tools);
root.querySelectorAll("[hidden]").forEach((part) => (part.hidden = false));
document.getElementById("as-text").hidden = true;
show();
check();
