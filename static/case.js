// The page of a case: dial, then begin the interview or say what came of the call.

import { AppointmentDialog } from "./interview/appointment.js";
import { startBar, startHeartbeat } from "./interview/bar.js";
import { Dialog } from "./interview/dialogs.js";
import { freshKey, postJson } from "./interview/post.js";
import { Supervisor } from "./interview/supervisor.js";

const at = (id) => document.getElementById(id);
const texts = JSON.parse(at("texts").textContent);
const token = () => document.querySelector("meta[name=csrf-token]").content;
const bar = at("bar");
const outcomes = at("outcomes");
const PHONE = "soundings.phone";
let inCall = Boolean(at("case").dataset.inCall);

const say = (text) => {
  at("said-below").textContent = text;
  at("said-below").className = text ? "notice error" : "";
};

const stop = ({ problems, url }) => {
  at("stopped-why").textContent = problems.join("\n");
  at("stopped-go").href = url;
  at("stopped").addEventListener("close", () => location.assign(url));
  at("stopped").showModal();
};

const take = ({ status, body }, act) => {
  if (status === 200) return act(body);
  if (status === 410) return stop(body);
  return say((body.problems ?? [body.problem]).join("\n"));
};

const post = async (address, entry, act) => {
  say("");
  try {
    const body = { ...entry, fence: Number(bar.dataset.fence) };
    take(await postJson(address, body, token()), act);
  } catch {
    say(texts.offline);
  }
};

// ---- The call

const dialForm = at("dial");

// The key stays with the form, so that a dial sent again after a lost reply is the same dial.
const dial = () => {
  const fields = new FormData(dialForm);
  const entry = { number: Number(fields.get("number")), key: fields.get("key") };
  post(dialForm.action, entry, begun);
};

const begun = ({ number, tel, since }) => {
  inCall = true;
  at("number").textContent = number;
  at("number").href = tel;
  at("number-hint").hidden = true;
  at("phone").hidden = false;
  const call = bar.querySelector(".call");
  const timer = document.createElement("time");
  timer.dataset.since = since;
  call.classList.add("on");
  call.replaceChildren(`${texts.in_call} `, timer);
  showStage();
  at("begin").querySelector("button").focus();
  if (localStorage.getItem(PHONE) === "yes") at("number").click();
};

const showStage = () => {
  at("before-call").hidden = inCall;
  at("in-call").hidden = !inCall;
  for (const item of document.querySelectorAll("#legend [data-in-call]")) item.hidden = !inCall;
  showChosen();
};

// ---- What came of it

const chosen = () => outcomes.querySelector("[name=outcome]:checked");

const showChosen = () => {
  const choice = chosen();
  at("chosen").hidden = at("legend-escape").hidden = !choice;
  if (choice) at("chosen-name").textContent = choice.closest("label").querySelector("span").textContent;
  const enter = at("legend-enter").dataset;
  at("legend-enter").textContent = choice ? enter.chosen : inCall ? enter.after : enter.before;
};

const choose = (choice) => {
  if (choice.value === "appointment") return appointment.open();
  choice.checked = true;
  choice.focus();
  choice.scrollIntoView({ block: "nearest" });
  showChosen();
};

const unchoose = () => {
  if (chosen()) chosen().checked = false;
  showChosen();
  at("begin").querySelector("button").focus();
};

outcomes.addEventListener("change", ({ target }) => choose(target));

// ---- Dialogs and keys

const appointment = new AppointmentDialog(at("appointment"), {
  token,
  book: (entry) => post(at("appointment").dataset.book, { ...entry, key: freshKey() }, ({ url }) => location.assign(url)),
});
const keys = new Dialog(at("keys"), () => true);
const supervisor = new Supervisor(bar, { token, say, lost: stop, offline: texts.not_asked });

const acts = {
  phone: () => at("number").href && at("number").click(),
  appointment: () => inCall && appointment.open(),
  keys: () => keys.open(),
  supervisor: () => supervisor.ask(),
  unchoose,
};

const phoneAtOnce = at("phone-at-once");
phoneAtOnce.checked = localStorage.getItem(PHONE) === "yes";
phoneAtOnce.addEventListener("change", () => localStorage.setItem(PHONE, phoneAtOnce.checked ? "yes" : "no"));

const optionFor = (key) => {
  const place = inCall ? outcomes : dialForm;
  return place.querySelector(`[data-key="${CSS.escape(key.toLowerCase())}"]:not(:disabled)`);
};

const onPlainKey = (event) => {
  if (event.key === "?") return acts.keys;
  if (event.key === "Escape" && chosen()) return unchoose;
  if (inCall && event.key.toLowerCase() === "p") return acts.phone;
  if (event.key.length !== 1 || event.key === " ") return null;
  const choice = optionFor(event.key);
  if (!choice) return () => say(texts.wrong_key.replace("{key}", event.key));
  return () => {
    say("");
    if (inCall) choose(choice);
    else choice.checked = true;
  };
};

const onKey = (event) => {
  if (event.isComposing || event.keyCode === 229 || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const functions = { F2: () => at("note-text").focus(), F9: acts.appointment, F10: acts.supervisor };
  const isTyping = event.target.matches("textarea");
  const act = functions[event.key] ?? (isTyping ? null : onPlainKey(event));
  if (!act) return;
  event.preventDefault();
  act();
};

at("note-text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  at("note-form").requestSubmit();
});

// A form is sent once, however often Enter is pressed.
for (const form of [at("begin"), outcomes, at("note-form")]) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
dialForm.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!inCall) dial();
});
document.addEventListener("click", ({ target }) => acts[target.closest("[data-do]")?.dataset.do]?.());
addEventListener("keydown", onKey);
startBar(bar);
startHeartbeat(bar, token, { lost: stop, heard: (body) => supervisor.hear(body) });
showStage();
