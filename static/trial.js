// The trial of a questionnaire: the interview's keys and question, each step a page of its own.

import { command } from "./interview/keyboard.js";
import { Pane } from "./interview/pane.js";

const at = (id) => document.getElementById(id);
const work = at("work");
const texts = JSON.parse(at("texts").textContent);

const say = (text) => {
  const place = at("said-below");
  place.textContent = text;
  place.className = text ? "notice error" : "";
};

const pane = new Pane(at("pane"), { say, texts, accept: () => accept() });

function send(act, values = {}) {
  if (pane.isLocked) return;
  pane.lock(true);
  const form = at("step");
  for (const [name, value] of Object.entries({ act, ...values })) {
    for (const each of [value].flat()) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", className: "said", name, value: each });
      form.append(field);
    }
  }
  form.submit();
}

function accept() {
  if (!pane.name || pane.isJustDrawn) return;
  pane.resolve();
  const { question, status, text, codes } = pane.entry;
  send("answer", { question, status, text, code: codes });
}

function switchLanguage() {
  const { languages, language } = work.dataset;
  const codes = languages.split(" ");
  if (codes.length < 2) return;
  send("language", { language: codes[(codes.indexOf(language) + 1) % codes.length] });
}

const acts = {
  accept,
  back: () => pane.can.has("back") && send("back"),
  furthest: () => pane.can.has("furthest") && send("furthest"),
  dk: () => pane.status("dk"),
  ref: () => pane.status("ref"),
  up: () => pane.step(-1),
  down: () => pane.step(1),
  probe: () => pane.showProbe(),
  language: switchLanguage,
  unknown: ({ key }) => pane.name && pane.wrongKey(key),
};

// Arrows work on radio buttons as the browser does it.
const isNative = (event, name) => ["up", "down"].includes(name) && event.target.matches("[type=radio]");

addEventListener("keydown", (event) => {
  const found = command(event);
  if (!found || isNative(event, found)) return;
  if (found !== "accept" || pane.name) event.preventDefault();
  if (event.repeat && found !== "up" && found !== "down") return;
  if (!found.digit) acts[found]?.(event);
  else if (pane.options.length) pane.digit(found.digit);
  else if (pane.name) pane.wrongKey(found.digit);
});

document.addEventListener("click", ({ target }) => {
  const act = target.closest("[data-do]")?.dataset.do;
  if (act) acts[act]({ key: "" });
});
pane.root.addEventListener("submit", (event) => event.preventDefault());
for (const item of document.querySelectorAll("[data-when]")) {
  item.hidden = !pane.can.has(item.dataset.when);
}
for (const key of document.querySelectorAll("#legend [data-letter]")) {
  key.textContent = (pane.can.has("long") ? "Alt+" : "") + key.dataset.letter;
}
// A page that the browser kept for its Back button can be answered once more.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("#step .said")) field.remove();
  pane.lock(false);
});
