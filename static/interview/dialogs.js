// Dialogs worked by keys: letters choose, Enter sends, Esc closes and loses nothing of the answer.

export class Dialog {
  // `send(form)` is called with the dialog's form; returning false keeps the dialog open.
  constructor(element, send) {
    Object.assign(this, { element, form: element.querySelector("form"), send });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.send(this.form) !== false) this.close();
    });
    element.addEventListener("keydown", (event) => this.key(event));
    element.querySelector("[data-close]")?.addEventListener("click", () => this.close());
    element.addEventListener("close", () => this.form.reset());
  }

  open() {
    this.element.showModal();
    const first = ["[autofocus]", "textarea, input", "button"].map((part) => this.element.querySelector(part));
    first.find(Boolean)?.focus();
  }

  close() {
    this.element.close();
  }

  key(event) {
    // Keys of the page below mean nothing while a dialog is open.
    event.stopPropagation();
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && this.sendsOnEnter(event)) {
      event.preventDefault();
      this.form.requestSubmit();
    }
    this.letter(event);
  }

  sendsOnEnter({ target, shiftKey, repeat }) {
    return !repeat && !shiftKey && !target.matches("button");
  }

  letter(event) {
    const isText = event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (isText || event.ctrlKey || event.altKey || event.metaKey) return;
    const choice = this.form.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.checked = true;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// The list to jump in: typing narrows it, arrows choose, Enter goes.
export class JumpDialog extends Dialog {
  constructor(element, { said, go }) {
    super(element, () => this.chosen && go(this.chosen.dataset.name));
    this.said = said;
    this.field = element.querySelector("input");
    this.list = element.querySelector("[role=listbox]");
    this.field.addEventListener("input", () => this.fill());
    this.list.addEventListener("click", ({ target }) => {
      this.choose([...this.list.children].indexOf(target.closest("li")));
      this.form.requestSubmit();
    });
  }

  open() {
    this.fill();
    super.open();
  }

  fill() {
    this.list.replaceChildren(...this.said.matches(this.field.value).map((found, at) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `jump-${at}`;
      item.dataset.name = found.name;
      item.textContent = `${found.name}  ${found.text}`;
      return item;
    }));
    this.choose(0);
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  choose(at) {
    const rows = [...this.list.children];
    for (const item of rows) item.ariaSelected = "false";
    const item = rows[Math.max(0, Math.min(at, rows.length - 1))];
    if (!item) return;
    item.ariaSelected = "true";
    item.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", item.id);
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.choose([...this.list.children].indexOf(this.chosen) + step);
    }
    super.key(event);
  }
}
