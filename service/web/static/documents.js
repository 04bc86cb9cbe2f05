// Uploads with their progress: how much was sent, then how far the service is with reading and indexing.
// Without scripts the form is sent and the page of the job is loaded again until it is done.
import { say } from "./thread.js";

const form = document.getElementById("upload");
const job = document.getElementById("job");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  send(form);
});
if (job && !isFinished(job)) follow(job.dataset.events);

function send(form) {
  const [sending, bar, button] = [document.getElementById("sending"), document.getElementById("sent"), form.querySelector("button")];
  const request = new XMLHttpRequest(); // fetch does not tell how much was sent
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => (bar.value = (100 * loaded) / total);
  request.onload = () => (request.status === 202 ? location.assign(`/documents/jobs/${request.response.id}`) : refuse(told(request)));
  request.onerror = () => refuse("The service did not answer. Is it running? Try again.");
  request.open("POST", "/v1/documents");
  request.send(new FormData(form));
  complain("");
  sending.hidden = false;
  button.disabled = true;

  function refuse(words) {
    sending.hidden = true;
    button.disabled = false;
    complain(words);
  }
}

/** What a refusal names: each field's problem with its remedy. */
function told({ response }) {
  const errors = response?.errors ?? [];
  return errors.map(({ problem, remedy }) => `${problem} ${remedy}`).join(" ") || response?.detail || "The files were not taken.";
}

function complain(words) {
  const alert = document.getElementById("alert");
  alert.textContent = words;
  alert.hidden = !words;
}

function follow(url) {
  const events = new EventSource(url);
  for (const name of ["progress", "done", "failed"]) events.addEventListener(name, () => show(events));
}

/** Shows the job as the service words it; says its end once. */
async function show(events) {
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const now = page.getElementById("job");
  const shown = document.getElementById("job");
  if (isFinished(shown)) return;
  shown.replaceWith(document.adoptNode(now));
  document.title = page.title;
  if (!isFinished(now)) return;
  events.close();
  say(`${now.querySelector("h1").textContent}.`);
  now.querySelector("h1").focus();
}

function isFinished(job) {
  return ["done", "failed"].includes(job.dataset.state);
}
