// Entries of an interview whose page never came back: sent from the desk, under the claim they
// were made with. What comes too late is kept by the server for the supervisor.

import { openPending } from "./pending.js";
import { postJson } from "./post.js";

// Calls `unsaved(names)` with what the server could neither save nor keep.
export const sendLeftovers = async (token, unsaved) => {
  const pending = await openPending("");
  const names = [];
  for (const item of await pending.all()) {
    const { act, key, expected, claim, entry, interview } = item;
    const body = { ...entry, ...claim, expected, key };
    const reply = await postJson(`/interview/${interview}/${act}`, body, token);
    if (![200, 409, 410, 422].includes(reply.status)) break;
    await pending.remove(key);
    const isKept = reply.status === 410 || (reply.status === 200 && !reply.body.confirm);
    if (!isKept) names.push(entry.question ?? entry.text ?? act);
  }
  if (names.length) unsaved(names);
};
