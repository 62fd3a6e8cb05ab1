// What mdBook's pages lack for readers who use keys or a screen reader.
"use strict";
(() => {
  // What is wider than its frame takes the focus, so that the arrow keys scroll it.
  const frames = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const scrolled = "main :is(pre > code, .table-wrapper, .formula.displayed)";
  document.querySelectorAll(scrolled).forEach((frame) => frames.observe(frame));
  // What is wider than its frame is marked, and theme/paper.css says that it moves. The first column of a table stays
  // where it leaves room for the others.
  const wide = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      const scrolls = target.scrollWidth > target.clientWidth;
      const first = target.querySelector("tbody > tr > :first-child")?.offsetWidth;
      target.toggleAttribute("data-scrolls", scrolls);
      target.toggleAttribute("data-first-stays", scrolls && first < 0.45 * target.clientWidth);
    }
  });
  const known = new WeakSet();
  const watch = () => {
    const added = [...document.querySelectorAll("main :is(.frame, .table-wrapper, .formula.displayed)")].filter((frame) => !known.has(frame));
    added.forEach((frame) => known.add(frame) && wide.observe(frame));
  };
  watch();
  const widgets = new MutationObserver(watch);
  document.querySelectorAll("main .widget").forEach((place) => widgets.observe(place, { childList: true, subtree: true }));

  // Read from disk, in the folder where it was built, the book has its sources beside it.
  if (location.protocol === "file:") {
    for (const place of document.querySelectorAll(".source[data-file]")) {
      const link = document.createElement("a");
      link.href = `${path_to_root}../../${place.dataset.file}`;
      link.append(...place.childNodes);
      place.append(link);
    }
  }

  document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");

  // mdBook opens the table of contents by the label of a hidden checkbox. In it goes a button, which keys and screen
  // readers can use; what mdBook says on the label is said on the button.
  const label = document.getElementById("mdbook-sidebar-toggle");
  const checkbox = document.getElementById("mdbook-sidebar-toggle-anchor");
  if (!label || !checkbox) return;
  const button = document.createElement("button");
  button.type = "button";
  button.append(...label.childNodes);
  button.addEventListener("click", () => checkbox.click());
  label.append(button);
  const say = () => {
    for (const name of label.getAttributeNames().filter((name) => name.startsWith("aria-"))) {
      button.setAttribute(name, label.getAttribute(name));
      label.removeAttribute(name);
    }
  };
  say();
  new MutationObserver(say).observe(label, { attributes: true });
})();
