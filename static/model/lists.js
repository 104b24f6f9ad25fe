// The constructs of the editor as cards with their items, and the paths as a matrix.
export function listed({ model, items, texts, labels, say, change, freshName }) {
  const cards = document.getElementById("constructs");
  const matrix = document.getElementById("matrix");
  const template = document.getElementById("construct-card").content.firstElementChild;
  const byName = new Map(items.map((item) => [item.name, item]));
  const higher = ["disjoint", "embedded", "repeated"];

  document.getElementById("add-construct").addEventListener("click", () => {
    change((own) => own.constructs.push({ name: freshName(), mode: "A", indicators: [] }));
    cards.lastElementChild.querySelector("[data-key=name]").select();
  });

  function rename(construct, name) {
    const old = construct.name;
    change((own) => {
      construct.name = name;
      for (const path of own.paths) {
        if (path.from === old) path.from = name;
        if (path.to === old) path.to = name;
      }
      for (const other of own.constructs) {
        if (other.parts) other.parts = other.parts.map((part) => (part === old ? name : part));
      }
      for (const product of own.interactions || []) {
        product.of = product.of.map((part) => (part === old ? name : part));
      }
    });
  }

  function become(construct, kind) {
    change(() => {
      delete construct.parts;
      delete construct.approach;
      if (higher.includes(kind)) Object.assign(construct, { parts: [], approach: kind, indicators: [], mode: "A" });
      else construct.mode = kind;
    });
  }

  const edits = {
    name: (construct, value) => rename(construct, value.trim()),
    label: (construct, value) => change(() => {
      if (value.trim()) construct.label = value.trim();
      else delete construct.label;
    }),
    kind: become,
  };

  function card(construct, number) {
    const made = template.cloneNode(true);
    made.dataset.number = number;
    made.dataset.name = construct.name;
    const shown = { name: construct.name, label: construct.label || "", kind: construct.approach || construct.mode || "A" };
    made.querySelector("[data-key=label]").placeholder = labels[construct.name] || construct.name;
    for (const field of made.querySelectorAll("[data-key]")) {
      field.value = shown[field.dataset.key];
      field.addEventListener("change", () => edits[field.dataset.key](construct, field.value));
    }
    made.querySelector("[data-act=remove]").addEventListener("click", () => change((own) => {
      own.constructs = own.constructs.filter((other) => other !== construct);
      own.paths = own.paths.filter((path) => path.from !== construct.name && path.to !== construct.name);
    }));
    members(made, construct);
    return made;
  }

  function members(made, construct) {
    const key = construct.approach ? "parts" : "indicators";
    const own = construct[key] || [];
    made.querySelector(".members").replaceChildren(...own.map((name) => member(construct, key, name)));
    const add = made.querySelector("[data-act=add]");
    const offered = construct.approach
      ? model.constructs.filter((other) => other !== construct).map((other) => other.name)
      : items.map((item) => item.name);
    add.replaceChildren(option("", texts.choose), ...offered.filter((name) => !own.includes(name)).map((name) => option(name, worded(name))));
    add.addEventListener("change", () => change(() => {
      construct[key] = [...own, add.value];
    }));
  }

  function member(construct, key, name) {
    const line = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = worded(name);
    words.title = words.textContent;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "plain";
    remove.textContent = "×";
    remove.setAttribute("aria-label", say("remove", { name }));
    remove.addEventListener("click", () => change(() => {
      construct[key] = construct[key].filter((other) => other !== name);
    }));
    line.append(words, remove);
    return line;
  }

  function worded(name) {
    const item = byName.get(name);
    if (!item) return name;
    const notes = [item.points ? item.points.join("–") : texts.noscale, ...(item.reverse ? [texts.reversed] : [])];
    const label = item.label && item.label !== name ? ` ${item.label}` : "";
    return `${name}${label} (${notes.join(", ")})`;
  }

  function option(value, words) {
    const made = document.createElement("option");
    made.value = value;
    made.textContent = words;
    return made;
  }

  function grid() {
    const names = [...model.constructs, ...(model.interactions || [])].map((own) => own.name);
    const head = row([cell("th", ""), ...model.constructs.map((own) => cell("th", own.name))]);
    const body = names.map((from) => row([
      cell("th", from),
      ...model.constructs.map(({ name: to }) => mark(from, to)),
    ]));
    matrix.replaceChildren(head, ...body);
  }

  function row(cells) {
    const made = document.createElement("tr");
    made.append(...cells);
    return made;
  }

  function cell(kind, words) {
    const made = document.createElement(kind);
    made.textContent = words;
    return made;
  }

  function mark(from, to) {
    const made = document.createElement("td");
    if (from === to) return made;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = model.paths.some((path) => path.from === from && path.to === to);
    box.setAttribute("aria-label", `${from} → ${to}`);
    box.addEventListener("change", () => change((own) => {
      own.paths = own.paths.filter((path) => path.from !== from || path.to !== to);
      if (box.checked) own.paths.push({ from, to });
    }));
    made.append(box);
    return made;
  }

  // What is shown anew keeps the focus where it was.
  function show() {
    const focus = document.activeElement;
    const inCards = cards.contains(focus) || matrix.contains(focus);
    const fields = () => [...cards.querySelectorAll("input, select, button"), ...matrix.querySelectorAll("input")];
    const at = inCards ? fields().indexOf(focus) : -1;
    cards.replaceChildren(...model.constructs.map(card));
    grid();
    if (at >= 0 && fields()[at]) fields()[at].focus();
  }

  function land(place) {
    const number = /^constructs\[(\d+)\]/.exec(place);
    const found = number
      ? cards.querySelector(`[data-number="${number[1]}"]`)
      : [...cards.children].find((own) => own.dataset.name === place);
    const target = found || (place.startsWith("paths") ? matrix : cards);
    target.scrollIntoView({ block: "center" });
    const field = target.querySelector("input");
    if (field) field.focus();
  }

  return { show, land };
}
