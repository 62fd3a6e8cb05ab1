// A quoted number opens to a card at its place: its value in full, what stands beside it in the record, and what it takes
// to compute it again. The cards of a page stand in it as JSON. Where that cannot be shown, the link leads where it leads.
"use strict";
(() => {
  const main = document.querySelector("main");
  const script = main?.querySelector("script.cards");
  const canShow = "popover" in HTMLElement.prototype && !location.pathname.endsWith("/print.html");
  if (!script || !canShow) return;

  let read;
  const data = () => (read ??= JSON.parse(script.textContent));

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }
  const code = (text) => element("code", {}, text);

  const card = element("div", { className: "card", tabIndex: -1 });
  card.setAttribute("popover", "auto");
  card.setAttribute("role", "dialog");
  card.setAttribute("aria-labelledby", "card-value");
  main.append(card);
  const links = main.querySelectorAll("a[data-card]");
  links.forEach((link) => link.setAttribute("aria-haspopup", "dialog"));

  const rest = (count, where) => (count ? [element("li", { className: "more" }, `${count} more ${where}`)] : []);

  // What stands around the value in the record, in its order.
  function around({ near, at, more: [before, behind] }) {
    const entry = ([name, value], i) => {
      const item = element("li", {}, code(name), " ", element("span", {}, value));
      if (i === at) item.setAttribute("aria-current", "true");
      return item;
    };
    return element("ul", {}, ...rest(before, "before"), ...near.map(entry), ...rest(behind, "behind"));
  }

  function content(link) {
    const quote = data().cards[link.dataset.card];
    const { command, share, minutes } = data().records[quote.record];
    const term = (name, ...what) => [element("dt", {}, name), element("dd", {}, ...what)];
    const [, value] = quote.near[quote.at] ?? [];
    const close = element("button", { type: "button", className: "close" }, "Close");
    close.addEventListener("click", () => card.hidePopover());
    const how = element("a", { href: `${path_to_root}recompute.html#how-much-is-computed` }, "how much is computed");
    return [
      element("p", { id: "card-value" }, value ?? `results/${quote.record}.json`),
      element("dl", {},
        ...term("record", code(`results/${quote.record}.json`), " ", code(quote.key)),
        ...(quote.near.length > 1 ? term("beside it", around(quote)) : []),
        ...term("recompute", code(command)),
        ...(minutes ? term("time", `about ${minutes} minutes for all parts, as reckoned in `, how.cloneNode(true)) : []),
        ...(share ? term("by default", code("make grade"), ` recomputes ${share}: `, how) : [])),
      element("p", { className: "ends" }, element("a", { href: link.href }, "All records"), " ", close),
    ];
  }

  // Below the link, or above it where there is more room; never wider than the window.
  const GAP = 6;
  function place(link) {
    // A link may go over two lines: above the first of them, or below the last.
    const lines = [...link.getClientRects()];
    const [first, at] = [lines[0], lines.at(-1)];
    const { clientWidth, clientHeight } = document.documentElement;
    const above = first.top - 2 * GAP;
    const below = clientHeight - at.bottom - 2 * GAP;
    card.style.maxHeight = `${Math.max(above, below, 160)}px`;
    const { width, height } = card.getBoundingClientRect();
    const top = height <= below || below >= above ? at.bottom + GAP : first.top - GAP - height;
    const left = Math.max(GAP, Math.min(at.left, clientWidth - width - GAP));
    card.style.top = `${top + scrollY}px`;
    card.style.left = `${left + scrollX}px`;
  }

  let opened = null;
  function open(link) {
    card.replaceChildren(...content(link));
    // Before it is shown, so that the browser gives the focus back to it.
    link.focus({ preventScroll: true });
    card.showPopover({ source: link });
    opened = link;
    place(link);
    card.focus({ preventScroll: true });
  }

  // A tap elsewhere leaves the focus nowhere; it goes back to the link, unless something else took it.
  card.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    const nowhere = [document.body, null].includes(document.activeElement) || card.contains(document.activeElement);
    if (nowhere) opened?.focus({ preventScroll: true });
  });
  card.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !card.contains(relatedTarget) && card.matches(":popover-open")) card.hidePopover();
  });
  // mdBook takes Escape for its search, so that the browser does not see it.
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card.matches(":popover-open")) return;
    event.stopPropagation();
    card.hidePopover();
  }, true);
  addEventListener("resize", () => card.matches(":popover-open") && card.hidePopover());

  // A press on the link of the open card closes it, and does not open it again.
  let closes = null;
  addEventListener("pointerdown", ({ target }) => {
    const link = target.closest?.("a[data-card]");
    closes = card.matches(":popover-open") && link === opened ? link : null;
  }, true);
  main.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-card]");
    const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    if (link !== closes) open(link);
    closes = null;
  });
})();
