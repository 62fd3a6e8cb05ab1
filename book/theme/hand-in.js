// The panel in which a reader sees what was done on all pages, and saves it as one file. What it shows and what the file
// holds is written by crates/widgets; this script opens each kept state.
"use strict";
globalThis.workedGradientsHandIn = ({ computation, file, slice }) => {
  const { CHANGED, kept } = globalThis.workedGradientsKept;
  const panel = Object.assign(document.createElement("details"), { className: "hand-in" });
  const summary = Object.assign(document.createElement("summary"), { textContent: "What you did on all pages, to hand in" });
  const inside = document.createElement("div");
  panel.append(summary, inside);

  const frame = () => new Promise((next) => setTimeout(next, 0));

  /** The widget in its kept state, at rest. */
  async function opened({ Instance, Tick }, name) {
    const instance = Instance.open(name, kept(name));
    for (const wanted of instance.files()) instance.file(wanted, await file(wanted).catch(() => new Uint8Array()));
    let until = performance.now() + slice;
    while (instance.tick() !== Tick.Idle) {
      if (performance.now() < until) continue;
      await frame();
      until = performance.now() + slice;
    }
    return instance;
  }

  // Whoever changes something while the panel is filled fills it again.
  let turn = 0;
  async function fill() {
    turn += 1;
    const mine = turn;
    inside.setAttribute("aria-busy", "true");
    if (inside.childElementCount === 0) inside.textContent = "Your answers are opened ...";
    const glue = await computation();
    const draft = new glue.HandInDraft();
    for (const name of draft.names().filter((name) => kept(name) !== "")) {
      if (mine !== turn) break;
      const instance = await opened(glue, name);
      draft.add(instance);
      instance.free();
    }
    if (mine === turn) {
      const unfolded = inside.querySelector("details")?.open ?? false;
      inside.innerHTML = draft.view(path_to_root);
      inside.querySelector("details")?.toggleAttribute("open", unfolded);
      inside.removeAttribute("aria-busy");
    }
    draft.free();
  }

  const refill = () => panel.open && fill().catch((error) => console.error(error));
  panel.addEventListener("toggle", ({ target }) => target === panel && refill());
  document.addEventListener(CHANGED, refill);
  return panel;
};
