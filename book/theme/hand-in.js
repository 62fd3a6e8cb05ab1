// The panel in which a reader sees what was done on all pages, and saves it as one file. What it shows and what the file
// holds is written by crates/widgets; this script opens each kept state.
"use strict";
globalThis.workedGradientsHandIn = ({ computation, file, slice, fail }) => {
  const { CHANGED, kept } = globalThis.workedGradientsKept;
  const panel = Object.assign(document.createElement("details"), { className: "hand-in" });
  const summary = Object.assign(document.createElement("summary"), { textContent: "What you did on all pages, to hand in" });
  const inside = document.createElement("div");
  panel.append(summary, inside);

  const frame = () => new Promise((next) => setTimeout(next, 0));

  /** Takes the widget in its kept state, at rest, unless the turn is over before. */
  async function take({ Instance, Tick }, draft, name, isOver) {
    const files = await Promise.all(draft.files(name).map((wanted) => file(wanted).catch(() => new Uint8Array())));
    if (isOver()) return;
    const instance = Instance.open(name, kept(name));
    draft.files(name).forEach((wanted, i) => instance.file(wanted, files[i]));
    let until = performance.now() + slice;
    while (instance.tick() !== Tick.Idle) {
      if (performance.now() < until) continue;
      await frame();
      if (isOver()) return;
      until = performance.now() + slice;
    }
    draft.add(instance);
    instance.free();
  }

  // Whoever changes something while the panel is filled fills it again. Where the program has failed, the page has taken
  // the panel away, and the program is not called again.
  let turn = 0;
  async function fill() {
    turn += 1;
    const mine = turn;
    const isOver = () => mine !== turn || !panel.isConnected;
    inside.setAttribute("aria-busy", "true");
    if (inside.childElementCount === 0) inside.textContent = "Your answers are opened ...";
    const glue = await computation();
    if (isOver()) return;
    let opening;
    try {
      const draft = new glue.HandInDraft();
      for (opening of draft.names().filter((name) => kept(name) !== "")) {
        await take(glue, draft, opening, isOver);
        if (isOver()) return;
      }
      opening = undefined;
      const unfolded = inside.querySelector("details")?.open ?? false;
      inside.innerHTML = draft.view(path_to_root);
      inside.querySelector("details")?.toggleAttribute("open", unfolded);
      inside.removeAttribute("aria-busy");
      draft.free();
    } catch (error) {
      // A state with which the program fails is not kept, on whichever page it arose.
      fail(error, opening);
    }
  }

  const refill = () => panel.open && panel.isConnected && fill();
  panel.addEventListener("toggle", ({ target }) => target === panel && refill());
  document.addEventListener(CHANGED, refill);
  return panel;
};
