// The clocks of the page, the seconds of the call, and the sign of life of the page.

import { postJson } from "./post.js";

const BEAT = 20000;

// The server's clock counts: this computer's may be wrong.
const offset = (bar) => Date.parse(bar.dataset.now) - Date.now();

const two = (number) => String(number).padStart(2, "0");

const lasted = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
};

const tick = (ahead) => {
  const now = new Date(Date.now() + ahead);
  for (const clock of document.querySelectorAll("time[data-zone]")) {
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.zone };
    clock.textContent = new Intl.DateTimeFormat("en-GB", options).format(now);
  }
  for (const timer of document.querySelectorAll("time[data-since]")) {
    timer.textContent = lasted(now - Date.parse(timer.dataset.since));
  }
};

export const startBar = (bar) => {
  const ahead = offset(bar);
  tick(ahead);
  setInterval(() => tick(ahead), 1000);
};

// Tell the server that the case is still worked on: `heard(body)` is what it says,
// `lost(body)` that the case is no longer ours.
export const startHeartbeat = (bar, token, { lost, heard }) => {
  const beat = async () => {
    try {
      const fence = Number(bar.dataset.fence);
      const { status, body } = await postJson(bar.dataset.heartbeat, { fence }, token());
      if (status === 410) {
        clearInterval(timer);
        lost(body);
      } else if (status === 200) {
        heard(body);
      }
    } catch {
      // Without a line the claim may run out; the next beat or answer will say so.
    }
  };
  const timer = setInterval(beat, BEAT);
};
