// What a key press means. The browser's own keys keep their meaning.

const TEXT = "input:not([type=radio], [type=checkbox]), textarea";
const CONTROL = "button, a, summary, select";

const FUNCTION_KEYS = {
  F2: "note", F4: "language", F8: "outcome", F9: "appointment", F10: "supervisor",
};
const CONTROL_KEYS = { g: "jump", l: "language", End: "furthest", Enter: "accept" };
const TEXT_ALT_KEYS = { d: "dk", r: "ref" };
const PLAIN_KEYS = { PageDown: "accept", PageUp: "back" };
const OUTSIDE_KEYS = {
  Backspace: "back", d: "dk", r: "ref", "?": "keys", "/": "search", p: "probe",
  ArrowDown: "down", ArrowUp: "up",
};

const isComposing = (event) => event.isComposing || event.keyCode === 229;
const name = (event) => (event.key.length === 1 ? event.key.toLowerCase() : event.key);

const withControl = (event, field) =>
  field?.value && event.key === "End" ? null : CONTROL_KEYS[name(event)] ?? null;

const inText = (event, field) => {
  if (event.key === "Enter") return event.shiftKey ? null : "accept";
  if (event.key === "Backspace" && field.value === "") return event.repeat ? null : "back";
  // A number or a date has no letters: d and r need no Alt there.
  return field.inputMode === "numeric" || field.inputMode === "decimal"
    ? TEXT_ALT_KEYS[name(event)] ?? null
    : null;
};

const outside = (event) => {
  if (/^\d$/.test(event.key)) return { digit: event.key };
  if (event.key === "Enter") return "accept";
  const found = OUTSIDE_KEYS[name(event)];
  if (found) return found;
  return event.key.length === 1 && event.key !== " " ? "unknown" : null;
};

const withoutModifier = (event, field) => {
  const found = FUNCTION_KEYS[event.key] ?? PLAIN_KEYS[event.key];
  if (found) return found;
  if (field) return inText(event, field);
  if (event.target.closest?.(CONTROL) && ["Enter", " "].includes(event.key)) {
    return event.target.matches("[data-accept]") ? "accept" : null;
  }
  return outside(event);
};

// Returns a command's name, {digit}, or null when the key is not ours.
export const command = (event) => {
  if (isComposing(event)) return null;
  const field = event.target.closest?.(TEXT) ?? null;
  // Elsewhere on the page (the search) a text field is an ordinary one.
  if (field && !field.closest("#pane")) return FUNCTION_KEYS[event.key] ?? null;
  if (event.ctrlKey || event.metaKey) return event.altKey ? null : withControl(event, field);
  if (event.altKey) return TEXT_ALT_KEYS[name(event)] ?? null;
  return withoutModifier(event, field);
};
