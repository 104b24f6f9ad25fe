// The diagram of the editor: boxes and arrows where the server placed them; drawing by mouse or keys.
const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 136;
const HEIGHT = 76;
const SCALE = 0.7;

export function drawn({ model, say, change }) {
  const picture = document.getElementById("drawing");
  const boxes = document.getElementById("boxes");
  const arrows = document.getElementById("arrows");
  const pulled = document.getElementById("pulled");
  const said = document.getElementById("said");
  let source = "";

  function element(name, values, words = "") {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    if (words) made.textContent = words;
    return made;
  }

  function connect(from, to) {
    source = "";
    if (!from || !to || from === to) return;
    const there = model.paths.some((own) => own.from === from && own.to === to);
    if (!there) change((own) => own.paths.push({ from, to }));
    said.textContent = say("drawn", { source: from, target: to });
  }

  function disconnect(from, to) {
    change((own) => {
      own.paths = own.paths.filter((path) => path.from !== from || path.to !== to);
    });
    said.textContent = say("gone", { source: from, target: to });
  }

  function box(own, wrong) {
    const group = element("g", {
      class: wrong.has(own.name) ? "node wrong" : "node", tabindex: 0, role: "button", "data-name": own.name,
      "aria-label": say("box", { name: own.name }), "aria-pressed": own.name === source,
    });
    group.append(element("rect", { class: "box", x: own.x, y: own.y, width: WIDTH, height: HEIGHT, rx: 8 }));
    own.lines.forEach((line, at) => group.append(element("text", {
      class: "name", x: own.x + WIDTH / 2, y: own.y + HEIGHT / 2 + 6 + 18 * (at - (own.lines.length - 1) / 2), "text-anchor": "middle",
    }, line.trim())));
    return group;
  }

  function arrow(own) {
    const group = element("g", {
      class: "arrow", tabindex: 0, role: "button", "data-from": own.from, "data-to": own.to,
      "aria-label": say("arrow", { source: own.from, target: own.to }),
    });
    group.append(element("path", { class: "hit", d: own.curve }));
    group.append(element("path", { class: "edge", d: own.curve, "stroke-width": 2.5, "marker-end": "url(#tip)" }));
    return group;
  }

  function focused() {
    const own = document.activeElement;
    return picture.contains(own) ? { ...own.dataset } : null;
  }

  function show(found, problems) {
    const before = focused();
    const wrong = new Set(problems.filter((own) => own.is_error).map((own) => placed(own.place)));
    picture.setAttribute("viewBox", `0 0 ${found.width} ${found.height}`);
    picture.setAttribute("width", found.width * SCALE);
    boxes.replaceChildren(...found.boxes.map((own) => box(own, wrong)));
    arrows.replaceChildren(...found.edges.map(arrow));
    if (before) {
      const same = [...picture.querySelectorAll("[tabindex]")].find(
        (own) => own.dataset.name === before.name && own.dataset.from === before.from && own.dataset.to === before.to,
      );
      if (same) same.focus();
    }
  }

  function placed(place) {
    const number = /^constructs\[(\d+)\]/.exec(place);
    return number ? (model.constructs[Number(number[1])] || {}).name : place;
  }

  function nodeOf(event) {
    return event.target.closest ? event.target.closest("[data-name]") : null;
  }

  function point(event) {
    const matrix = picture.getScreenCTM().inverse();
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  }

  picture.addEventListener("pointerdown", (event) => {
    const node = nodeOf(event);
    if (!node || event.button) return;
    event.preventDefault();
    node.focus();
    const start = node.querySelector("rect").getBBox();
    const from = node.dataset.name;
    picture.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const { x, y } = point(moved);
      pulled.setAttribute("d", `M${start.x + WIDTH},${start.y + HEIGHT / 2} L${x},${y}`);
    };
    const end = (last) => {
      pulled.setAttribute("d", "");
      picture.removeEventListener("pointermove", move);
      const under = document.elementFromPoint(last.clientX, last.clientY);
      const to = under && under.closest("#boxes [data-name]");
      if (to) connect(from, to.dataset.name);
    };
    picture.addEventListener("pointermove", move);
    picture.addEventListener("pointerup", end, { once: true });
    picture.addEventListener("pointercancel", () => pulled.setAttribute("d", ""), { once: true });
  });

  picture.addEventListener("keydown", (event) => {
    const own = event.target.dataset;
    const acts = {
      Enter: () => pick(own), " ": () => pick(own), Escape: () => pick({}),
      Delete: () => remove(own), Backspace: () => remove(own),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  function pick(own) {
    if (own.name && source) connect(source, own.name);
    else source = own.name || "";
    said.textContent = source ? say("from", { name: source }) : said.textContent;
    for (const node of boxes.children) node.setAttribute("aria-pressed", node.dataset.name === source);
  }

  function remove(own) {
    if (own.from) disconnect(own.from, own.to);
    else if (own.name) {
      change((all) => {
        all.constructs = all.constructs.filter((construct) => construct.name !== own.name);
        all.paths = all.paths.filter((path) => path.from !== own.name && path.to !== own.name);
      });
    }
  }

  return { show };
}
