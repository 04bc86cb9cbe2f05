// Copies with citations: the links lead to the same text where the clipboard cannot be written to.
import { say } from "./thread.js";

export function carryCopies() {
  if (!navigator.clipboard?.write) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-copy], a[data-link]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    copy(link).then(() => told(link), () => location.assign(link.href));
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

async function copy(link) {
  if ("link" in link.dataset) return navigator.clipboard.writeText(link.href);
  const text = await (await fetch(link.href)).text();
  if (link.dataset.copy !== "html") return navigator.clipboard.writeText(text);
  const plain = new DOMParser().parseFromString(text, "text/html").body.innerText;
  const forms = { "text/html": text, "text/plain": plain };
  const blobs = Object.entries(forms).map(([type, words]) => [type, new Blob([words], { type })]);
  return navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}

function told(link) {
  const menu = link.closest("details.menu");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  const shown = menu?.querySelector("summary") ?? link;
  const words = shown.dataset.words ?? (shown.dataset.words = shown.textContent);
  shown.textContent = "Copied";
  setTimeout(() => (shown.textContent = words), 2000);
  say("Copied.");
}
