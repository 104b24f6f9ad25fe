// The line to the server: what the interviewer enters goes out in order, once, and is kept in
// this browser until the server says that it is saved.

import { freshKey, getJson, postJson } from "./post.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;

export class Line {
  // `on` has: state(name, waiting), reply(item, body), refused(item, body), outOfStep(items, body),
  // lost(body).
  constructor({ address, token, seq, claim, pending, on }) {
    Object.assign(this, { address, token, seq, claim, pending, on });
    this.items = [];
    this.isSending = false;
    this.wait = FIRST_WAIT;
    for (const wake of ["online", "focus", "pageshow"]) addEventListener(wake, () => this.flush());
  }

  // Take up what an earlier page of this interview had not sent.
  async resume() {
    this.items = await this.pending.all();
    if (this.items.length) await this.flush();
    else this.on.state("saved", 0);
  }

  get isIdle() {
    return this.items.length === 0;
  }

  // A note leaves the question open; everything else waits for its reply.
  get holdsAnswer() {
    return this.items.some(({ act }) => act !== "notes");
  }

  async send(act, entry) {
    const { claim } = this;
    const item = { act, key: freshKey(), expected: this.seq + this.items.length, claim, entry };
    this.items.push(item);
    this.on.state("saving", this.items.length);
    await this.pending.add(item);
    await this.flush();
  }

  async flush() {
    if (this.isSending || this.isIdle) return;
    this.isSending = true;
    clearTimeout(this.retry);
    try {
      while (!this.isIdle && (await this.sendFirst()));
    } finally {
      this.isSending = false;
    }
    if (this.isIdle) this.on.state("saved", 0);
  }

  // Returns whether to go on with the next entry.
  async sendFirst() {
    const item = this.items[0];
    this.on.state("saving", this.items.length);
    let reply;
    try {
      reply = await this.post(item);
    } catch {
      return this.later("offline");
    }
    return this.understand(item, reply);
  }

  post({ act, entry, expected, key }) {
    const body = { ...entry, ...this.claim, expected, key };
    return postJson(`${this.address}/${act}`, body, this.token);
  }

  async understand(item, { status, body }) {
    if (status === 401 || status === 400 || status === 403) return this.enterAgain(status);
    if (status >= 500 || status === 429) return this.later("offline");
    this.wait = FIRST_WAIT;
    if (typeof body.seq === "number") this.seq = body.seq;
    if (status === 409 || status === 410) return this.setAside(status, body);
    await this.forget(item);
    if (status === 200) this.on.reply(item, body);
    else this.on.refused(item, body);
    return true;
  }

  // Later entries rest on the refused one: none of them can be saved, so all are named.
  async setAside(status, body) {
    const items = this.items;
    this.items = [];
    for (const item of items) await this.pending.remove(item.key);
    if (status === 410) this.on.lost(body);
    else this.on.outOfStep(items, body);
    return false;
  }

  async forget(item) {
    this.items.shift();
    await this.pending.remove(item.key);
  }

  // A new login brings a new token: ask for it, then go on; until then everything is kept.
  async enterAgain(status) {
    try {
      const reply = await getJson(`${this.address}/token`);
      if (reply.status !== 200) return this.later("login");
      if (reply.body.token === this.token) return this.later(status === 400 ? "offline" : "login");
      this.token = reply.body.token;
      return true;
    } catch {
      return this.later("offline");
    }
  }

  later(state) {
    this.on.state(state, this.items.length);
    this.retry = setTimeout(() => this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }
}
