// F10: ask for the supervisor. The bar says that one was asked, and later that one is coming.

import { postJson } from "./post.js";

export class Supervisor {
  // `say(text)` tells what went wrong, `lost(body)` that the case is no longer ours.
  constructor(bar, { token, say, lost, offline }) {
    Object.assign(this, { bar, token, say, lost, offline });
    this.place = bar.querySelector("#asked");
    this.isWaiting = this.place.textContent !== "";
  }

  async ask() {
    try {
      const fence = Number(this.bar.dataset.fence);
      const { status, body } = await postJson(this.bar.dataset.supervisor, { fence }, this.token());
      if (status === 410) this.lost(body);
      else if (status === 200) this.hear(body);
      else this.say(body.problem ?? this.offline);
    } catch {
      this.say(this.offline);
    }
  }

  // Every beat of the page says since when one is asked for; nothing, once somebody answered.
  hear({ asked }) {
    const { dataset } = this.place;
    if (asked) this.show(dataset.asked, true);
    else if (this.isWaiting) this.show(dataset.answered, false);
  }

  show(text, isWaiting) {
    this.isWaiting = isWaiting;
    if (this.place.textContent !== text) this.place.textContent = text;
  }
}
