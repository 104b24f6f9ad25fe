// The appointment dialog: what is typed is read back in both clocks before it is booked.

import { Dialog } from "./dialogs.js";
import { postJson } from "./post.js";

const PAUSE = 250;

export class AppointmentDialog extends Dialog {
  // `book(entry)` sends what was agreed.
  constructor(element, { token, book }) {
    super(element, () => this.submit());
    Object.assign(this, { token, book });
    this.when = element.querySelector("[name=when]");
    this.read = element.querySelector("[data-read]");
    this.form.addEventListener("input", () => this.readSoon());
    this.form.addEventListener("change", () => this.readSoon());
    element.addEventListener("close", () => this.show({}));
  }

  get entry() {
    const fields = new FormData(this.form);
    return {
      when: fields.get("when"),
      is_hard: fields.get("kind") === "hard",
      any_hour: fields.get("any_hour") === "yes",
      for_me: fields.get("for_me") === "yes",
      name: fields.get("name"),
      note: fields.get("note"),
    };
  }

  readSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  // Returns whether the time can be booked; shows how it was understood, or why not.
  async ask() {
    const asked = this.entry;
    if (!asked.when.trim()) return this.show({});
    try {
      const { address } = this.element.dataset;
      const { body } = await postJson(address, { when: asked.when, any_hour: asked.any_hour }, this.token());
      if (asked.when !== this.when.value) return false;
      return this.show(body);
    } catch {
      return this.show({ problems: [this.element.dataset.offline] });
    }
  }

  show({ theirs = "", mine = "", problems = [] }) {
    this.read.classList.toggle("error", problems.length > 0);
    this.read.textContent = problems.length ? problems.join("\n") : [theirs, mine].filter(Boolean).join("\n");
    this.isRead = Boolean(theirs) && problems.length === 0;
    return this.isRead;
  }

  submit() {
    clearTimeout(this.timer);
    this.ask().then((isRead) => {
      if (!isRead) return this.when.focus();
      this.book(this.entry);
      this.close();
    });
    return false;
  }
}
