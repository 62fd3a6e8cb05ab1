// The whole book on paper begins with a title page and a list of its contents. mdBook's page for printing has neither.
"use strict";
(() => {
  const main = document.querySelector("main");
  if (!main || !location.pathname.endsWith("/print.html")) return;
  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };
  const said = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const list = element("ol", {});
  for (const heading of main.querySelectorAll("h1[id], h2[id]")) {
    const item = element("li", { className: heading.localName }, element("a", { href: `#${heading.id}` }, heading.textContent));
    list.append(item);
  }
  const contents = element("nav", { className: "contents" }, element("p", { className: "title" }, "Contents"), list);
  contents.setAttribute("aria-label", "Contents");
  main.prepend(
    element("div", { className: "title-page" }, element("p", { className: "title" }, document.title), element("p", {}, said("description"))),
    contents,
  );
})();
