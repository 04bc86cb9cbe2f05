// <impact-chat endpoint="https://reports.example.org" key="iq_…">: asks an ImpactQA service from any page, by one script tag.
//
// endpoint  where the service is (default: where this script came from)
// key       an API key with the scope `ask` alone, where keys are needed: whoever sees the page sees it
// heading   the title (default: Ask the reports)
// launcher  if there, a button in the corner opens it
//
// Everything lies in a shadow root and is made of elements and text, never of HTML, so the strictest policy of a page
// lets it work: script-src and connect-src with the service's origin. Nothing is stored.
(() => {
  const HOME = document.currentScript ? new URL(".", document.currentScript.src).href.replace(/\/static\/impact-chat\/$/, "") : "";
  const WAIT_MS = 60_000;
  const MARKED = /\[(\d{1,4})\]/;
  const VERDICTS = { useful: "Useful", not_useful: "Not useful", wrong_source: "Wrong source" };

  const SHEET = new CSSStyleSheet();
  SHEET.replaceSync(`
    :host { --paper: light-dark(#fff, #1c2024); --sunk: light-dark(#f1efe9, #14171a); --ink: light-dark(#1b1c1e, #eceae4);
      --quiet: light-dark(#5a5953, #a9a69d); --edge: light-dark(#8a867a, #7f858b); --line: light-dark(#e0ddd4, #32373c); --bad: light-dark(#a3262a, #ff9b94);
      --accent: var(--impact-chat-accent, light-dark(#0b5563, #84d0de)); --accent-ink: var(--impact-chat-accent-ink, light-dark(#fff, #0f242a));
      display: block; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); overflow-wrap: anywhere; text-align: start; }
    :host([hidden]) { display: none; }
    *, ::before, ::after { box-sizing: border-box; }
    .panel { display: flex; flex-direction: column; max-height: 36rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--paper); }
    :host([launcher]) { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; display: flex; flex-direction: column; gap: .5rem; align-items: end;
      max-width: calc(100vw - 2rem); }
    :host([launcher]) .panel { width: 26rem; max-width: 100%; max-height: min(36rem, calc(100vh - 6rem)); box-shadow: 0 12px 32px -8px rgb(0 0 0 / .35); }
    .panel[hidden], .open[hidden] { display: none; }
    .head { padding: .7rem 1rem; border-bottom: 1px solid var(--line); }
    h2, h3 { margin: 0; font-size: 1.05rem; line-height: 1.3; }
    .turns { overflow-y: auto; flex: 1; padding: 0 1rem; }
    .turn { padding: .9rem 0; border-bottom: 1px solid var(--line); }
    .turn:last-child { border-bottom: 0; }
    h3 { font-size: 1rem; }
    h3:focus { outline: none; }
    p, ul, ol { margin: .5rem 0; padding: 0; }
    ul { padding-left: 1.2rem; }
    ol { list-style: none; }
    ol li { padding: .5rem .75rem; margin: .5rem 0; background: var(--sunk); border-radius: .4rem; }
    blockquote { margin: 0; font-family: Charter, Cambria, Georgia, serif; }
    summary { cursor: pointer; padding: .25rem 0; color: var(--quiet); }
    .quiet { color: var(--quiet); font-size: .875rem; }
    .alert { color: var(--bad); margin: .5rem 1rem; }
    .alert:empty { display: none; }
    a { color: var(--accent); }
    button { font: inherit; cursor: pointer; border-radius: .4rem; border: 1px solid var(--accent); background: var(--accent); color: var(--accent-ink);
      padding: .4rem .9rem; min-height: 2.5rem; }
    button.plain { background: none; color: var(--accent); border-color: transparent; padding: .2rem .5rem; min-height: 1.75rem; }
    button.plain[aria-pressed=true] { border-color: currentColor; font-weight: 600; }
    button.mark { min-width: 1.5rem; min-height: 1.5rem; margin: 0 .1rem; padding: 0 .3rem; font-size: .8rem; line-height: 1.4; border-color: var(--line);
      background: var(--sunk); color: var(--accent); }
    button[disabled] { opacity: .6; cursor: progress; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    form { display: flex; gap: .5rem; padding: .7rem 1rem; border-top: 1px solid var(--line); }
    label { flex: 1; min-width: 0; }
    input { width: 100%; font: inherit; min-height: 2.5rem; padding: .3rem .7rem; border: 1px solid var(--edge); border-radius: .4rem;
      background: var(--paper); color: var(--ink); }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .foot { margin: 0; padding: 0 1rem .7rem; }
  `);

  /** An element with attributes or properties and what is in it; text stays text. */
  function element(name, properties, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) key in made ? (made[key] = value) : made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  class ImpactChat extends HTMLElement {
    #conversation = null;
    #waiting = null;
    #turns = element("div", { className: "turns", tabIndex: 0, role: "region", ariaLabel: "Questions and answers" });
    #status = element("p", { className: "hidden", role: "status" });
    #alert = element("p", { className: "alert", role: "alert" });
    #input = element("input", { name: "question", autocomplete: "off", maxLength: 4000, placeholder: "Which SMEs spun off companies?" });
    #send = element("button", { type: "submit" }, "Ask");

    connectedCallback() {
      if (this.shadowRoot) return;
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [SHEET];
      const form = element("form", {}, element("label", {}, element("span", { className: "hidden" }, "Your question"), this.#input), this.#send);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.ask(this.#input.value);
      });
      const heading = element("h2", { id: "heading" }, this.getAttribute("heading") ?? "Ask the reports");
      const about = element("p", { className: "quiet foot" }, "Automatic answers, quoted from reports.");
      const panel = element("section", { className: "panel", id: "panel" },
        element("div", { className: "head" }, heading), this.#turns, this.#alert, this.#status, form, about);
      panel.setAttribute("aria-labelledby", "heading");
      root.append(panel);
      if (this.hasAttribute("launcher")) root.append(this.#launcher(panel, heading.textContent));
    }

    disconnectedCallback() {
      this.#waiting?.abort();
    }

    /** Asks, as if the question had been typed. */
    async ask(question) {
      const asked = question.trim();
      if (!asked || this.#waiting) return;
      this.#busy("Searching the reports …");
      try {
        const body = { question: asked, ...(this.#conversation && { conversation_id: this.#conversation }) };
        const answer = await this.#post("/v1/ask", body);
        this.#conversation = answer.conversation_id;
        this.#show(answer);
        if (this.#input.value === question) this.#input.value = ""; // else the next one was typed meanwhile
      } catch (error) {
        this.#alert.textContent = error.message;
        this.#status.textContent = "";
      } finally {
        this.#waiting = null;
        this.#send.disabled = false;
      }
    }

    #busy(words) {
      this.#waiting = new AbortController();
      this.#send.disabled = true;
      this.#alert.textContent = "";
      this.#status.textContent = words;
    }

    get #endpoint() {
      return (this.getAttribute("endpoint") ?? HOME).replace(/\/+$/, "");
    }

    /** What the service answers. Throws an Error with words for the reader. */
    async #post(path, body) {
      const key = this.getAttribute("key");
      const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
      const signal = AbortSignal.any([AbortSignal.timeout(WAIT_MS), ...(this.#waiting ? [this.#waiting.signal] : [])]);
      const sent = { method: "POST", headers, body: JSON.stringify(body), credentials: "omit", referrerPolicy: "no-referrer", signal };
      let reply;
      try {
        reply = await fetch(this.#endpoint + path, sent);
      } catch {
        throw new Error("The service does not answer. Try again later.");
      }
      const told = await reply.json().catch(() => ({}));
      if (reply.ok) return told;
      if (reply.status === 401 || reply.status === 403) throw new Error("This page may not ask: its key is not valid.");
      if (reply.status === 429 || reply.status === 503) throw new Error("Many questions are being answered. Try again in a moment.");
      if (reply.status === 404) this.#conversation = null; // the service no longer knows it
      throw new Error(reply.status < 500 && told.detail ? told.detail : "The service failed. Try again later.");
    }

    #show(answer) {
      const heading = element("h3", { tabIndex: -1 }, answer.question);
      const turn = element("article", { className: "turn" }, heading);
      if (answer.standalone_question !== answer.question) {
        turn.append(element("p", { className: "quiet" }, `Understood as: ${answer.standalone_question}`));
      }
      const sources = this.#sources(answer);
      turn.append(...this.#paragraphs(answer.answer, sources));
      if (sources) turn.append(sources);
      turn.append(element("p", { className: "quiet" }, writtenBy(answer)), this.#feedback(answer));
      this.#turns.append(turn);
      this.#turns.scrollTop = turn.offsetTop - this.#turns.offsetTop;
      heading.focus({ preventScroll: true });
      const count = answer.citations.length;
      this.#status.textContent = count ? `Answer ready, ${count} ${count === 1 ? "source" : "sources"}.` : "There is no answer in the reports.";
    }

    #paragraphs(text, sources) {
      const made = [];
      for (const line of text.split("\n").filter((each) => each.trim())) {
        const member = line.match(/^\s*[-•*]\s+(.*)$/);
        if (!member) made.push(element("p", {}, ...this.#marked(line, sources)));
        else {
          if (made.at(-1)?.localName !== "ul") made.push(element("ul", {}));
          made.at(-1).append(element("li", {}, ...this.#marked(member[1], sources)));
        }
      }
      return made;
    }

    /** The line with a button for each mark that has a source. */
    #marked(line, sources) {
      return line.split(MARKED).map((part, at) => {
        if (at % 2 === 0) return part;
        const source = sources?.querySelector(`li[value="${part}"]`);
        if (!source) return `[${part}]`;
        const mark = element("button", { type: "button", className: "mark", ariaLabel: `Source ${part}` }, part);
        mark.addEventListener("click", () => {
          sources.open = true;
          source.focus();
        });
        return mark;
      });
    }

    #sources(answer) {
      const cited = answer.citations.length ? answer.citations : answer.nearest;
      if (!cited.length) return null;
      const label = answer.citations.length ? `Sources (${cited.length})` : "The nearest passages, which do not answer it";
      const listed = cited.map((citation) => {
        const where = citation.page ? `${citation.document_title}, page ${citation.page}` : citation.document_title;
        const href = new URL(this.#endpoint + citation.url, location.href).href;
        const link = element("a", { href, target: "_blank", rel: "noopener noreferrer" }, `${answer.citations.length ? `[${citation.number}] ` : ""}${where}`);
        return element("li", { value: citation.number, tabIndex: -1 }, element("blockquote", {}, citation.quote), link);
      });
      return element("details", { className: "sources" }, element("summary", {}, label), element("ol", {}, ...listed));
    }

    #feedback(answer) {
      const group = element("div", { role: "group", ariaLabel: "Is this answer useful?" });
      for (const [verdict, words] of Object.entries(VERDICTS)) {
        const button = element("button", { type: "button", className: "plain", ariaPressed: "false" }, words);
        button.addEventListener("click", () => this.#judge(answer, verdict, button));
        group.append(button);
      }
      return group;
    }

    async #judge(answer, verdict, button) {
      try {
        await this.#post(`/v1/answers/${answer.id}/feedback`, { verdict });
        for (const each of button.parentElement.children) each.ariaPressed = String(each === button);
        this.#status.textContent = "Thank you.";
      } catch (error) {
        this.#alert.textContent = error.message;
      }
    }

    #launcher(panel, words) {
      const button = element("button", { type: "button", className: "open", ariaExpanded: "false" }, words);
      button.setAttribute("aria-controls", "panel");
      panel.hidden = true;
      const toggle = (open) => {
        panel.hidden = !open;
        button.ariaExpanded = String(open);
        open ? this.#input.focus() : button.focus();
      };
      button.addEventListener("click", () => toggle(panel.hidden));
      panel.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
      return button;
    }
  }

  /** Who composed the words: readers are told. */
  function writtenBy(answer) {
    const model = answer.composer.startsWith("llm:") ? answer.composer.slice(4) : "";
    const restated = answer.restated_by ? `The language model ${answer.restated_by} put the question in other words. ` : "";
    const composed = `Composed from the reports without ${restated ? "it" : "a language model"}.`;
    const worded = model ? `Worded in part by the language model ${model}, checked against the reports.` : composed;
    return restated + worded;
  }

  if (!customElements.get("impact-chat")) customElements.define("impact-chat", ImpactChat);
})();
