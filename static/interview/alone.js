// One window per interview: a second one is told so and stays still.

const LISTEN = 200;

const bySignal = (name) => new Promise((resolve) => {
  const channel = new BroadcastChannel(name);
  let stands = "asking";
  channel.onmessage = ({ data }) => {
    if (data === "who" && stands === "first") channel.postMessage("here");
    if (data === "here" && stands === "asking") stands = "second";
  };
  channel.postMessage("who");
  setTimeout(() => {
    if (stands === "asking") stands = "first";
    resolve(stands === "first");
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
