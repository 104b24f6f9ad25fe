// The floor: asks every five seconds whether anything changed, and draws that part anew.

const EVERY_MS = 5000;
const MINUTE_MS = 60_000;
const live = document.getElementById("live");
const line = document.getElementById("line");
let etag = "";
let heard = new Date();

function tick() {
  for (const place of live.querySelectorAll("[data-since]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(place.dataset.since)) / MINUTE_MS));
    place.textContent = line.dataset.minutes.replace("{n}", minutes);
  }
}

function sayLost() {
  line.textContent = line.dataset.lost.replace("{when}", heard.toTimeString().slice(0, 5));
  line.classList.add("lost");
}

function draw(page) {
  const focused = live.contains(document.activeElement) ? document.activeElement : null;
  const [name, value] = focused?.matches("button") ? ["value", focused.value] : ["href", focused?.getAttribute("href")];
  live.innerHTML = page;
  if (value) live.querySelector(`[${name}="${CSS.escape(value)}"]`)?.focus();
}

async function ask() {
  const headers = { "X-Requested-With": "soundings", ...(etag && { "If-None-Match": etag }) };
  try {
    const reply = await fetch(live.dataset.address, { headers });
    if (reply.status === 401) return location.reload();
    if (!reply.ok && reply.status !== 304) return sayLost();
    heard = new Date();
    line.textContent = "";
    line.classList.remove("lost");
    if (reply.status === 200) {
      etag = reply.headers.get("ETag");
      draw(await reply.text());
    }
    tick();
  } catch {
    sayLost();
  }
}

tick();
setInterval(() => { if (!document.hidden) ask(); }, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
