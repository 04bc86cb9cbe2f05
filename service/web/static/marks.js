// A mark shows its quote on hover, focus and tap. The quote stays while it is pointed at or focused; Esc closes it.

const WAIT_MS = 120; // before a pointer that passes by opens anything
const LINGER_MS = 300; // to get from the mark to the quote

const card = Object.assign(document.createElement("div"), { id: "quote-card", popover: "manual" });
card.setAttribute("role", "group");
let current = null;
let pinned = false;
let returning = false;
let timer = 0;

export function attachMarks(root) {
  for (const link of root.querySelectorAll("a.mark")) link.replaceWith(buttonOf(link));
}

/** Closes the quote that is shown, if any. */
export function closeQuote() {
  clearTimeout(timer);
  if (!current) return;
  current.setAttribute("aria-expanded", "false");
  current.removeAttribute("aria-describedby");
  current = null;
  if (card.isConnected && card.matches(":popover-open")) card.hidePopover();
  card.remove();
}

function buttonOf(link) {
  const mark = document.createElement("button");
  mark.type = "button";
  mark.className = link.className;
  mark.textContent = link.textContent;
  mark.dataset.source = link.hash.slice(1);
  mark.setAttribute("aria-label", link.getAttribute("aria-label"));
  mark.setAttribute("aria-expanded", "false");
  mark.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && later(() => show(mark), WAIT_MS));
  mark.addEventListener("pointerleave", leave);
  mark.addEventListener("focus", () => !returning && show(mark));
  mark.addEventListener("blur", blurred);
  mark.addEventListener("click", () => {
    const closes = current === mark && pinned;
    closes ? closeQuote() : show(mark);
    pinned = !closes;
  });
  return mark;
}

function show(mark) {
  clearTimeout(timer);
  if (current === mark) return;
  closeQuote();
  const source = document.getElementById(mark.dataset.source);
  if (!source) return;
  card.replaceChildren(...contents(source));
  card.setAttribute("aria-label", mark.getAttribute("aria-label"));
  mark.after(card); // next in the order of the Tab key
  card.classList.remove("above");
  card.showPopover({ source: mark });
  card.classList.toggle("above", overlap(card.getBoundingClientRect(), mark.getBoundingClientRect()));
  mark.setAttribute("aria-expanded", "true");
  mark.setAttribute("aria-describedby", card.id);
  current = mark;
  pinned = false;
}

function contents(source) {
  const [quote, where] = [source.querySelector("blockquote"), source.querySelector(".where")].map((part) => part.cloneNode(true));
  const open = where.querySelector("a").cloneNode();
  open.className = "button plain";
  open.textContent = "Show it in the report";
  where.querySelector("a").replaceWith(...where.querySelector("a").childNodes);
  return [quote, where, open];
}

/** On a small screen the quote lies at the bottom, or at the top where it would hide its mark. */
function overlap(one, other) {
  return one.top < other.bottom && other.top < one.bottom && one.left < other.right && other.left < one.right;
}

function later(act, delay) {
  clearTimeout(timer);
  timer = setTimeout(act, delay);
}

function leave() {
  if (!pinned) later(() => card.contains(document.activeElement) || current === document.activeElement || closeQuote(), LINGER_MS);
}

function blurred(event) {
  const to = event.relatedTarget;
  if (to && (to === current || card.contains(to))) return;
  if (to) closeQuote();
}

card.addEventListener("pointerenter", () => clearTimeout(timer));
card.addEventListener("pointerleave", leave);
card.addEventListener("focusout", blurred);
document.addEventListener("pointerdown", (event) => {
  if (current && !card.contains(event.target) && event.target !== current) closeQuote();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !current) return;
  event.stopImmediatePropagation(); // the report behind it stays open
  const mark = current;
  const inside = card.contains(document.activeElement);
  closeQuote();
  if (inside) {
    returning = true;
    mark.focus();
    returning = false;
  }
});
