// The report beside the answer: the cited page with the words marked, drawn by pdf.js; or the text around them.
import { closeQuote } from "./marks.js";

const WIDE = matchMedia("(min-width: 64rem)");
const panel = document.getElementById("evidence");
let opener = null;

export function carryEvidence() {
  if (!panel) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-evidence]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (!panel.contains(link)) opener = markOf(link) ?? link;
    closeQuote();
    open(link.dataset.evidence || link.href, link.href);
  });
  panel.addEventListener("close", () => {
    document.querySelectorAll(".mark.shown").forEach((mark) => mark.classList.remove("shown"));
    opener?.focus();
    closeQuote();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && panel.open && panel.close());
}

async function open(url, page) {
  const found = await fetched(url).catch(() => null);
  if (!found) return location.assign(page);
  panel.querySelector(".content").replaceChildren(document.adoptNode(found));
  if (!panel.open) WIDE.matches ? panel.show() : panel.showModal();
  document.querySelectorAll(".mark").forEach((mark) => mark.classList.toggle("shown", leadsTo(mark, url)));
  panel.scrollTop = 0;
  panel.querySelector("#evidence-title").focus({ preventScroll: true });
  await showSheets(panel);
}

async function fetched(url) {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  return new DOMParser().parseFromString(await response.text(), "text/html").getElementById("evidence-content");
}

/** Draws the pages of PDFs that stand in `root`; where the words are folded below, they stay so. */
export async function showSheets(root) {
  const sheets = root.querySelector(".sheets[data-pdf]");
  const words = root.querySelector(".around");
  if (!sheets) return words && reveal(words.querySelector("mark"));
  const { draw } = await import("./printed.js");
  sheets.hidden = false;
  if (words) words.open = false;
  try {
    await draw(sheets);
    if (words) reveal(sheets.querySelector("rect"));
  } catch {
    sheets.hidden = true; // a file that cannot be drawn has its words
    if (words) words.open = true;
  }
}

/** Scrolls to the marked words unless they can be seen already. */
function reveal(marked) {
  if (marked && marked.getBoundingClientRect().bottom > 0.85 * innerHeight) marked.scrollIntoView({ block: "center" });
}

function markOf(link) {
  return link.closest("#quote-card")?.previousElementSibling;
}

function leadsTo(mark, url) {
  const [, answer, number] = new URL(url, location).pathname.match(/answers\/(.+)\/sources\/(\d+)/) ?? [];
  return mark.dataset.source === `${answer}-source-${number}`;
}
