// One way to send JSON: with the page's token, and with patience that ends.

const PATIENCE = 15000;

const own = { "X-Requested-With": "soundings" };

export const postJson = async (address, body, token) => {
  const reply = await fetch(address, {
    method: "POST",
    headers: { ...own, "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: reply.status, body: await reply.json() };
};

export const getJson = async (address) => {
  const reply = await fetch(address, { headers: own, signal: AbortSignal.timeout(PATIENCE) });
  return { status: reply.status, body: await reply.json() };
};

// randomUUID exists only on secure pages; a centre's own network may be without one.
export const freshKey = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
