// The interview page: one question at a time, by keyboard alone.

import { isAlone } from "./interview/alone.js";
import { AppointmentDialog } from "./interview/appointment.js";
import { startBar, startHeartbeat } from "./interview/bar.js";
import { Dialog, JumpDialog } from "./interview/dialogs.js";
import { command } from "./interview/keyboard.js";
import { Line } from "./interview/line.js";
import { Pane } from "./interview/pane.js";
import { openPending } from "./interview/pending.js";
import { Said } from "./interview/said.js";
import { Supervisor } from "./interview/supervisor.js";

const ADVANCE = "soundings.advance";
const at = (id) => document.getElementById(id);
const work = at("work");
const texts = JSON.parse(at("texts").textContent);
const meta = document.querySelector("meta[name=csrf-token]");

const say = (text, kind = "error") => {
  const place = at("said-below");
  place.textContent = text;
  place.className = text ? `notice ${kind}` : "";
};

const pane = new Pane(at("pane"), { say, texts, accept: () => accept() });
const said = new Said(at("answers"), at("search"), {
  go: (name) => move(name),
  leave: () => pane.focus(),
});
said.draw(JSON.parse(at("answers-so-far").textContent));

const line = new Line({
  address: work.dataset.address,
  token: meta.content,
  seq: Number(work.dataset.seq),
  claim: { case: Number(at("bar").dataset.case), fence: Number(at("bar").dataset.fence) },
  pending: await openPending(work.dataset.interview),
  on: { state: showState, reply: onReply, refused: onRefused, outOfStep: onOutOfStep, lost: stop },
});

const supervisor = new Supervisor(at("bar"), {
  token: () => line.token, say, lost: stop, offline: texts.not_asked,
});

// ---- What comes back

function showState(state, waiting) {
  const place = at("saved");
  place.className = `saved ${state}`;
  place.textContent = texts[state].replace("{n}", waiting);
  at("log-in").hidden = state !== "login";
  if (line.holdsAnswer) pane.lock(true);
}

function onReply(item, body) {
  if (body.closed) return leave(body);
  if (body.confirm) return ask(item, body.confirm);
  if (body.note) addNote(body.note);
  if (body.answers) said.draw(body.answers);
  if (body.said) said.put(body.said);
  if (body.html) draw(body.html);
}

function onRefused(item, body) {
  pane.lock(false);
  say(body.problems.join("\n"));
  pane.focus();
}

function onOutOfStep(items, body) {
  if (body.closed) return leave(body);
  said.draw(body.answers);
  draw(body.html);
  const names = items.map(({ entry }) => entry.question ?? entry.text ?? "").filter(Boolean);
  const kept = names.length ? ` ${texts.not_saved.replace("{names}", names.join(", "))}` : "";
  say(`${body.problems.join("\n")}${kept}`);
}

function draw(html) {
  say("");
  pane.draw(html);
  pane.advances = localStorage.getItem(ADVANCE) === "yes";
  showLegend();
}

function leave({ url }) {
  location.assign(url);
}

function stop({ problems, url }) {
  at("stopped-why").textContent = problems.join("\n");
  at("stopped-go").href = url;
  at("stopped").addEventListener("close", () => location.assign(url));
  at("stopped").showModal();
}

function addNote({ text, place }) {
  const item = document.createElement("li");
  item.textContent = place ? `${place}: ${text}` : text;
  at("notes").append(item);
}

// ---- What goes out

const send = (act, entry, { locks = true } = {}) => {
  if (locks && pane.isLocked) return;
  if (locks) pane.lock(true);
  say("");
  line.send(act, entry);
};

function accept() {
  if (pane.isLocked || pane.isJustDrawn) return;
  pane.resolve();
  send("answers", { ...pane.entry, is_changed: pane.can.has("answered") });
}

const move = (to) => send("moves", { to });

// ---- Dialogs

const dialogs = {
  keys: new Dialog(at("keys"), () => true),
  note: new Dialog(at("note"), (form) => {
    const text = form.elements.text.value.trim();
    const question = form.elements.whole.checked ? null : pane.name || null;
    if (text) send("notes", { question, text }, { locks: false });
  }),
  outcome: new Dialog(at("outcome"), (form) => {
    const outcome = form.elements.outcome.value;
    if (!outcome) return false;
    send("end", { outcome });
    return true;
  }),
  appointment: new AppointmentDialog(at("appointment"), {
    token: () => line.token,
    book: (entry) => send("appointment", entry),
  }),
  jump: new JumpDialog(at("jump"), { said, go: move }),
  confirm: new Dialog(at("confirm"), () => dialogs.confirm.yes()),
};

at("keys").querySelector("[name=advance]").addEventListener("change", ({ target }) => {
  localStorage.setItem(ADVANCE, target.checked ? "yes" : "no");
  pane.advances = target.checked;
});

// An earlier answer changes the path: say what goes off it before anything is written.
function ask(item, names) {
  const { act, entry } = item;
  at("confirm-title").textContent = texts.off_path.replace("{n}", names.length);
  at("confirm-names").replaceChildren(...names.map((name) => {
    const row = document.createElement("li");
    row.textContent = name;
    return row;
  }));
  pane.lock(false);
  dialogs.confirm.yes = () => send(act, { ...entry, is_confirmed: true });
  dialogs.confirm.open();
}

// ---- Keys

const switchLanguage = () => {
  const { languages, language } = work.dataset;
  const codes = languages.split(" ");
  if (codes.length < 2) return;
  const next = codes[(codes.indexOf(work.dataset.chosen ?? language) + 1) % codes.length];
  work.dataset.chosen = next;
  send("language", { language: next });
};

const acts = {
  accept,
  back: () => pane.can.has("back") && move("back"),
  furthest: () => pane.can.has("furthest") && move("furthest"),
  dk: () => pane.status("dk"),
  ref: () => pane.status("ref"),
  up: () => pane.step(-1),
  down: () => pane.step(1),
  probe: () => pane.showProbe(),
  search: () => at("search").focus(),
  language: switchLanguage,
  unknown: ({ key }) => pane.wrongKey(key),
  jump: () => dialogs.jump.open(),
  keys: () => dialogs.keys.open(),
  note: () => dialogs.note.open(),
  outcome: () => dialogs.outcome.open(),
  appointment: () => dialogs.appointment.open(),
  supervisor: () => supervisor.ask(),
};
// What works while an answer is on its way.
const ANYTIME = new Set(["jump", "keys", "note", "outcome", "appointment", "search", "supervisor"]);

// Arrows and Space work on the options as the browser does it.
const isNative = (event, name) => ["up", "down"].includes(name) && event.target.matches("[type=radio]");

function onKey(event) {
  const found = command(event);
  if (!found || isNative(event, found)) return;
  event.preventDefault();
  if (event.repeat && found !== "up" && found !== "down") return;
  if (pane.isLocked && !ANYTIME.has(found)) return;
  if (found.digit) digit(found.digit);
  else acts[found](event);
}

function digit(key) {
  if (pane.options.length) pane.digit(key);
  else pane.wrongKey(key);
}

function showLegend() {
  for (const item of document.querySelectorAll("[data-when]")) {
    item.hidden = !pane.can.has(item.dataset.when);
  }
  for (const key of document.querySelectorAll("#legend [data-letter]")) {
    key.textContent = (pane.can.has("long") ? "Alt+" : "") + key.dataset.letter;
  }
}

function start() {
  addEventListener("keydown", onKey);
  document.addEventListener("click", ({ target }) => {
    const act = target.closest("[data-do]")?.dataset.do;
    if (act && !(pane.isLocked && !ANYTIME.has(act))) acts[act]({ key: "" });
  });
  pane.root.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => {
    if (!line.isIdle) event.preventDefault();
  });
  startBar(at("bar"));
  startHeartbeat(at("bar"), () => line.token, { lost: stop, heard: (body) => supervisor.hear(body) });
  at("keys").querySelector("[name=advance]").checked = localStorage.getItem(ADVANCE) === "yes";
  pane.advances = localStorage.getItem(ADVANCE) === "yes";
  showLegend();
  line.resume();
}

if (await isAlone(work.dataset.interview)) start();
else at("second").showModal();
