// Follow-ups join the conversation on the page: the page of their answer is read as it comes, and what is whole of it is shown.

const FAILED = "The service did not answer. Is it running? Try again.";
const TRIES = 5; // of a question that comes while others are answered
let asking = false;

export function carryThread(attach) {
  const thread = document.getElementById("thread");
  if (!thread) return;
  const ask = (event, url) => {
    event.preventDefault();
    if (!asking) follow(url, thread, attach);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-thread]");
    if (form) ask(event, `${form.action}?${new URLSearchParams(new FormData(form))}`);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-thread]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey) ask(event, link.href);
  });
  document.addEventListener("htmx:after:swap", thank);
  document.addEventListener("htmx:error", () => complain(FAILED));
  if (!thread.querySelector(".then")) announce(thread.lastElementChild);
}

async function follow(url, thread, attach) {
  const before = thread.querySelector(".newest");
  wait(true);
  const turn = document.createElement("article");
  try {
    for (let left = TRIES, seconds = 1; seconds && left; left--) {
      seconds = await receive(url, turn, left > 1, () => open(turn, before, thread));
      if (seconds) await new Promise((again) => setTimeout(again, seconds * 1000));
    }
  } catch {
    turn.remove();
    before.classList.add("newest");
    leadTo(before, "replaceState");
    return complain(FAILED);
  } finally {
    wait(false);
  }
  attach(turn);
  window.htmx.process(turn);
  if (announce(turn)) goOn(turn);
}

/**
 * Appends what has come of the newest turn of the page at `url` to `turn`, element by element; `began` at the first.
 * Returns the seconds after which to ask again where the service is busy and `may` be asked again, else 0.
 */
async function receive(url, turn, may, began) {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = "", done = false; !done; ) {
    let value;
    ({ done, value = "" } = await reader.read());
    text += value;
    const found = new DOMParser().parseFromString(text, "text/html").querySelector(".newest");
    const again = Number(found?.dataset.againSeconds ?? 0);
    if (again && may) return again;
    const whole = [...(found?.children ?? [])].slice(turn.childElementCount, done ? undefined : -1);
    if (!whole.length) continue;
    const isFirst = !turn.childElementCount;
    turn.append(...whole);
    if (isFirst) began(Object.assign(turn, { id: found.id, className: found.className }));
  }
  return 0;
}

/** The turn takes its place, and the reader is led to it; the earlier one keeps its words and folds its sources. */
function open(turn, before, thread) {
  leadTo(before, "replaceState"); // going back leads to what was said
  leadTo(turn, "pushState");
  before.classList.remove("newest");
  before.querySelectorAll("details").forEach((fold) => (fold.open = false));
  turn.classList.add("turn");
  thread.append(turn);
  const heading = turn.querySelector("h1, h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  turn.scrollIntoView({ block: "start" });
  complain("");
}

/** Says once that the answer is there; false where the turn has none. */
function announce(turn) {
  const sources = turn.querySelector(".made")?.dataset.sources;
  if (sources) say(`Answer ready, ${sources === "1" ? "1 source" : `${sources} sources`}.`);
  return Boolean(sources);
}

/** The next question goes on from this answer. */
function goOn(turn) {
  const form = document.querySelector(".next form");
  form.reset();
  form.elements.c.value = turn.querySelector(".made").dataset.conversation;
  document.querySelector(".related")?.remove();
}

/** The address becomes that of the answer, if it has one; htmx loads it when the reader comes back to it. */
function leadTo(turn, how) {
  if (turn.id) history[how]({ htmx: true }, "", `/answers/${turn.id}`);
}

function wait(is) {
  asking = is;
  document.getElementById("searching").hidden = !is;
  document.querySelector(".next").setAttribute("aria-busy", is);
}

function thank() {
  const thanks = document.querySelector(".feedback .thanks:last-child");
  if (thanks) say(thanks.textContent);
}

/** Says what went wrong, above the field to try again in. */
function complain(words) {
  const alert = document.getElementById("alert");
  alert.textContent = words;
  alert.hidden = !words;
}

export function say(words) {
  document.getElementById("status").textContent = words;
}
