// The question on the screen: picking by digits, statuses, and what is entered so far.

// An Enter this soon after a question appeared was meant for the one before it.
const GUARD = 350;
const TWO_DIGITS = 600;

export class Pane {
  // `say` shows a sentence under the question; `texts` are the page's sentences.
  constructor(root, { say, texts, accept }) {
    Object.assign(this, { root, say, texts, accept });
    this.advances = false;
    root.addEventListener("change", ({ target }) => this.settle(target));
    root.addEventListener("input", ({ target }) => {
      if (target.matches("[data-text]")) this.settle(target);
    });
    this.start();
  }

  draw(html) {
    this.root.innerHTML = html;
    this.start();
  }

  start() {
    this.drawnAt = performance.now();
    this.isTouched = false;
    this.typed = "";
    clearTimeout(this.timer);
    this.lock(false);
    this.question = this.root.firstElementChild;
    this.name = this.question.dataset.name ?? "";
    this.can = new Set((this.question.dataset.can ?? "").split(" "));
    this.focus();
  }

  // While an entry is on its way nothing can be changed: the reply decides what comes next.
  lock(isLocked) {
    this.isLocked = isLocked;
    this.root.toggleAttribute("aria-busy", isLocked);
  }

  focus() {
    const first = this.all("input:checked")[0] ?? this.all("input, textarea")[0]
      ?? document.querySelector("[data-accept]");
    // A long question is read from its top.
    scrollTo(0, 0);
    first?.focus({ preventScroll: true });
    if (first?.matches("input[data-text]")) first.select();
  }

  all(selector) {
    return [...this.root.querySelectorAll(selector)];
  }

  get options() {
    return this.all("input[name=code]");
  }

  get isJustDrawn() {
    return !this.isTouched && performance.now() - this.drawnAt < GUARD;
  }

  digit(digit) {
    clearTimeout(this.timer);
    const typed = this.typed + digit;
    const fits = this.options.filter(({ dataset }) => dataset.key.startsWith(typed));
    const exact = fits.find(({ dataset }) => dataset.key === typed);
    if (!fits.length) return this.startAgain(digit);
    if (exact && fits.length === 1) return this.pick(exact);
    this.typed = typed;
    this.timer = setTimeout(() => this.resolve(), TWO_DIGITS);
  }

  // "1" then "5" where there is 1, 10 and 5 but no 15: the 1 was meant, and now the 5.
  startAgain(digit) {
    if (!this.typed) return this.wrongKey(digit);
    this.resolve();
    this.digit(digit);
  }

  // The digits typed so far are all there are: pick what they name.
  resolve() {
    clearTimeout(this.timer);
    if (!this.typed) return;
    const exact = this.options.find(({ dataset }) => dataset.key === this.typed);
    if (exact) this.pick(exact);
    else this.wrongKey(this.typed);
    this.typed = "";
  }

  pick(option) {
    this.typed = "";
    option.checked = option.type === "radio" || !option.checked;
    option.focus();
    this.settle(option);
    if (this.advances && option.type === "radio" && option.dataset.key.length === 1) this.accept();
  }

  // Choosing don't know or refused; choosing it again takes it back.
  status(value) {
    const choice = this.all("input[name=status]").find((input) => input.value === value);
    if (!choice) return this.wrongKey(value === "dk" ? "D" : "R");
    choice.checked = !choice.checked;
    choice.focus();
    this.settle(choice);
  }

  // Keep together only what can stand together.
  settle(chosen) {
    this.isTouched = true;
    this.say("");
    if (chosen.name !== "status" && !chosen.checked && !chosen.matches("[data-text]")) return;
    const others = this.all("input:checked").filter((input) => input !== chosen);
    for (const other of others) {
      const clash = chosen.name === "status" || other.name === "status"
        || "exclusive" in chosen.dataset || "exclusive" in other.dataset;
      if (clash && (chosen.name !== "status" || chosen.checked)) other.checked = false;
    }
  }

  step(direction) {
    const inputs = this.all("input[name=code], input[name=status]");
    const at = inputs.indexOf(document.activeElement);
    inputs[(at + direction + inputs.length) % inputs.length]?.focus();
  }

  wrongKey(key) {
    this.say(this.texts.wrong_key.replace("{key}", key).replace("{keys}", this.keys));
  }

  // Said in a wrong key's answer: "1-9, 0, D, R, Enter".
  get keys() {
    const codes = this.options.map(({ dataset }) => dataset.key).filter(Boolean);
    const statuses = ["dk", "ref"].filter((value) => this.can.has(value));
    return [...runs(codes), ...statuses.map((value) => this.texts[`${value}_key`]), "Enter"].join(", ");
  }

  showProbe() {
    const probe = this.root.querySelector("details.probe");
    if (probe) probe.open = !probe.open;
  }

  get entry() {
    const [status] = this.all("input[name=status]:checked");
    const codes = this.all("input[name=code]:checked").map((input) => input.value);
    const text = this.root.querySelector("[data-text]")?.value ?? "";
    const empty = { question: this.name, status: "answered", text: "", codes: [] };
    return status ? { ...empty, status: status.value } : { ...empty, text, codes };
  }
}

// 1, 2, 3, 7 becomes 1-3, 7.
const runs = (codes) => {
  const found = [];
  for (const code of codes) {
    const last = found.at(-1);
    if (last && Number(code) === last.to + 1) last.to = Number(code);
    else found.push({ from: code, to: Number(code) });
  }
  return found.map(({ from, to }) => (Number(from) === to ? from : `${from}-${to}`));
};
