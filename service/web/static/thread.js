// Follow-ups join the conversation on the page: htmx brings the answer, this moves the reader to it and says so once.

export function carryThread(attach) {
  const thread = document.getElementById("thread");
  if (!thread) return;
  document.addEventListener("htmx:before:request", () => {
    const last = thread.querySelector(".newest");
    if (last?.id) history.replaceState(history.state, "", `/answers/${last.id}`); // going back leads to what was said
  });
  document.addEventListener("htmx:after:swap", (event) => {
    complain("");
    if (event.detail.ctx.target === thread) welcome(thread, attach);
    else thank(event.detail.ctx.target);
  });
  document.addEventListener("htmx:error", (event) => {
    complain("The service did not answer. Is it running? Try again.");
  });
}

function welcome(thread, attach) {
  const [...turns] = thread.querySelectorAll(".newest");
  const turn = turns.pop();
  turns.forEach(settle);
  attach(turn);
  const heading = turn.querySelector("h1, h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  turn.scrollIntoView({ block: "start" });
  if (!turn.id) return;
  const form = document.querySelector(".next form");
  form.reset();
  form.elements.c.value = turn.dataset.conversation;
  document.querySelector(".related")?.remove();
  const count = Number(turn.dataset.sources);
  say(`Answer ready, ${count === 1 ? "1 source" : `${count} sources`}.`);
}

/** An earlier answer keeps its words and folds its sources. */
function settle(turn) {
  turn.classList.remove("newest");
  turn.querySelectorAll("details").forEach((fold) => (fold.open = false));
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
