// What widgets keep: in the address of the page under their names, else in the browser; and the buttons that take it away.
"use strict";
globalThis.workedGradientsKept = (() => {
  const STORE = "worked-gradients.";
  /** Told whenever something kept has changed. */
  const CHANGED = "worked-gradients-kept";

  const pairs = () => [...new URLSearchParams(location.search)];

  /** The state of a widget, as a query. */
  function kept(name) {
    const here = pairs().filter(([key]) => key.startsWith(`${name}.`));
    if (here.length > 0) return new URLSearchParams(here.map(([key, value]) => [key.slice(name.length + 1), value])).toString();
    try {
      return localStorage.getItem(STORE + name) ?? "";
    } catch {
      return "";
    }
  }

  function keep(name, state) {
    const others = pairs().filter(([key]) => !key.startsWith(`${name}.`));
    const own = [...new URLSearchParams(state)].map(([key, value]) => [`${name}.${key}`, value]);
    const query = new URLSearchParams([...others, ...own]).toString();
    history.replaceState(history.state, "", `${location.pathname}${query && "?"}${query}${location.hash}`);
    try {
      if (state) localStorage.setItem(STORE + name, state);
      else localStorage.removeItem(STORE + name);
    } catch {
      // Storage is switched off: the address still holds the state.
    }
    document.dispatchEvent(new Event(CHANGED));
  }

  /** Takes away what the browser keeps of every page. */
  function forgetAll() {
    try {
      Object.keys(localStorage).filter((key) => key.startsWith(STORE)).forEach((key) => localStorage.removeItem(key));
    } catch {
      // Nothing is kept where storage is switched off.
    }
    document.dispatchEvent(new Event(CHANGED));
  }

  function button(label, does) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: label, onclick: does });
    return made;
  }

  /** The foot of a widget: its own reset, that of its page, and, after a second press, that of all pages. */
  function foot(resetWidget, resetPage) {
    const made = Object.assign(document.createElement("div"), { className: "foot" });
    const said = Object.assign(document.createElement("span"), { role: "status" });
    const tell = (does, says) => () => {
      does();
      said.textContent = says;
    };
    const ask = button("Reset all pages", () => {
      said.textContent = "This takes away everything that this browser keeps of all pages.";
      become(sure);
    });
    const back = (says) => {
      become(first);
      said.textContent = says;
      ask.focus();
    };
    const first = [button("Reset", tell(resetWidget, "")), button("Reset this page", tell(resetPage, "This page is as at first.")), ask];
    const sure = [
      button("Yes, reset all pages", () => {
        forgetAll();
        resetPage();
        back("All pages are as at first.");
      }),
      button("No, keep everything", () => back("Nothing was changed.")),
    ];
    function become(buttons) {
      made.replaceChildren(...buttons, said);
      if (buttons === sure) sure[1].focus();
    }
    become(first);
    return made;
  }

  return { CHANGED, kept, keep, foot };
})();
