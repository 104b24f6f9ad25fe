// Follows the computation of a wave and shows the report when it is done.
const PAUSE = 1000;
const LONGEST_PAUSE = 15000;

const job = document.getElementById("job");
const text = document.getElementById("job-text");
const bar = document.getElementById("job-bar");

async function ask() {
  const reply = await fetch(job.dataset.progress, {
    headers: { "X-Requested-With": "soundings" },
  });
  if (!reply.ok) throw new Error(`progress: ${reply.status}`);
  return reply.json();
}

function show(progress) {
  bar.max = progress.total || 1;
  bar.value = progress.done;
  text.textContent = progress.text;
}

// The line may be down for a while: ask again, ever more seldom, without a word.
async function follow(pause) {
  let next = PAUSE;
  try {
    const progress = await ask();
    if (progress.state === "done" || progress.state === "failed") {
      location.reload();
      return;
    }
    show(progress);
  } catch {
    next = Math.min(pause * 2, LONGEST_PAUSE);
  }
  setTimeout(follow, next, next);
}

if (job) follow(PAUSE);
