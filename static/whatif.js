// Says what moving a driver does, while the slider moves. The server does the arithmetic and words.
const PAUSE = 120;

for (const form of document.querySelectorAll("[data-whatif]")) {
  const slider = form.querySelector("input[type=range]");
  const number = form.elements.points;
  const output = form.querySelector("output");
  form.querySelector("button").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say();
  });
  let waiting = 0;
  let asked = 0;

  async function say() {
    const own = ++asked;
    const query = new URLSearchParams({ driver: form.elements.driver.value, points: number.value });
    try {
      const reply = await fetch(`${form.dataset.whatif}?${query}`, {
        headers: { "X-Requested-With": "soundings" },
      });
      if (!reply.ok) throw new Error(`what if: ${reply.status}`);
      const found = await reply.json();
      if (own !== asked) return;
      output.innerHTML = found.html;
      output.classList.toggle("refused", found.refused);
    } catch {
      if (own === asked) form.submit();
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(say, PAUSE);
  }

  slider.addEventListener("input", () => {
    number.value = slider.value > 0 ? `+${slider.value}` : slider.value;
    soon();
  });
  number.addEventListener("input", () => {
    slider.value = number.value.replace("−", "-");
    soon();
  });
}
