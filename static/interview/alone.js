// One window per interview: a second one is told so and stays still.

const LISTEN = 200;

const bySignal = (name) => new Promise((resolve) => {
  const channel = new BroadcastChannel(name);
  let isFirst = false;
  channel.onmessage = ({ data }) => {
    if (data === "who" && isFirst) channel.postMessage("here");
    if (data === "here" && !isFirst) resolve(false);
  };
  channel.postMessage("who");
  setTimeout(() => {
    isFirst = true;
    resolve(true);
  }, LISTEN);
});

const byLock = (name) => new Promise((resolve) => {
  navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    resolve(lock !== null);
    // Held until the page goes: a promise that never ends.
    return lock && new Promise(() => {});
  });
});

// Locks exist only on secure pages.
export const isAlone = (interview) => {
  const name = `soundings interview ${interview}`;
  return navigator.locks ? byLock(name) : bySignal(name);
};
