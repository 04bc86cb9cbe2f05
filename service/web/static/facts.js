// Filters and sorting change the page in place; what was found is said once, and the keyboard stays where it was.
import { say } from "./thread.js";

let held = "";

document.addEventListener("htmx:before:request", () => (held = document.activeElement?.id ?? ""));
document.addEventListener("htmx:after:swap", () => {
  complain("");
  const total = document.getElementById("total") ?? document.querySelector(".empty");
  (document.getElementById(held) ?? total).focus({ preventScroll: true });
  if (held === "next" || held === "previous") document.getElementById("total").scrollIntoView();
  say(total.textContent.trim());
});
document.addEventListener("htmx:error", () => complain("The service did not answer. Is it running? Try again."));

function complain(words) {
  const alert = document.getElementById("alert");
  alert.textContent = words;
  alert.hidden = !words;
}
