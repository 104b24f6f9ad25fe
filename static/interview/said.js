// The answers so far: listed beside the question, searched, and the list to jump in.

export class Said {
  // `go` moves to a question by its name; `leave` puts the focus back on the question asked.
  constructor(list, search, { go, leave }) {
    Object.assign(this, { list, search });
    search.addEventListener("input", () => this.filter());
    search.addEventListener("keydown", ({ key, isComposing }) => {
      if (key !== "Escape" || isComposing) return;
      search.value = "";
      this.filter();
      leave();
    });
    list.addEventListener("click", ({ target }) => {
      const row = target.closest("[data-name]");
      if (row) go(row.dataset.name);
    });
  }

  draw(answers) {
    this.list.replaceChildren(...answers.map(row));
    this.filter();
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  put(answer) {
    const there = this.find(answer.name);
    if (there) there.replaceWith(row(answer));
    else this.list.append(row(answer));
    this.filter();
    this.find(answer.name).scrollIntoView({ block: "nearest" });
  }

  find(name) {
    return this.list.querySelector(`[data-name="${CSS.escape(name)}"]`);
  }

  filter() {
    const wanted = this.search.value.trim().toLowerCase();
    for (const item of this.list.children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }

  matches(text) {
    const wanted = text.trim().toLowerCase();
    return [...this.list.children]
      .filter((item) => item.textContent.toLowerCase().includes(wanted))
      .map((item) => ({ name: item.dataset.name, text: item.querySelector(".asked").textContent }));
  }
}

const row = ({ name, text, answer }) => {
  const item = document.createElement("li");
  item.dataset.name = name;
  const button = document.createElement("button");
  button.type = "button";
  button.append(part("name", name), part("asked", text), part("answer", answer));
  item.append(button);
  return item;
};

const part = (kind, text) => {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = text;
  return span;
};
