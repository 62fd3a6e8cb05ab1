// Shows the widgets of a page. It loads the computation when a widget comes near the screen, shows the HTML that the
// widget writes, and hands on what the reader types and clicks. It computes nothing itself: crates/widgets does.
"use strict";
(() => {
  const STORE = "worked-gradients.";

  // mdBook turns the page at an arrow key, unless a text field has the focus. Here every control keeps its keys.
  const CONTROLS = "summary, button, input, select, textarea, [tabindex]";
  document.querySelector("main")?.addEventListener("keydown", (event) => {
    const arrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (arrow && event.target.closest(CONTROLS)) event.stopPropagation();
  });

  const places = [...document.querySelectorAll(".widget[data-widget]")];
  if (places.length === 0 || location.pathname.endsWith("/print.html")) return;

  let loading;
  function computation() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${path_to_root}widgets/compute.js`;
      script.onload = resolve;
      script.onerror = () => reject(new Error("widgets/compute.js was not loaded"));
      document.head.append(script);
    }).then(async () => {
      const { glue, wasm } = globalThis.workedGradients;
      const packed = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
      const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      await glue({ module_or_path: await new Response(unpacked).arrayBuffer() });
      return glue;
    });
    return loading;
  }

  // What a widget keeps: in the address under its name, else in the browser.
  function kept(name) {
    const here = [...new URLSearchParams(location.search)].filter(([key]) => key.startsWith(`${name}.`));
    if (here.length > 0) return new URLSearchParams(here.map(([key, value]) => [key.slice(name.length + 1), value])).toString();
    try {
      return localStorage.getItem(STORE + name) ?? "";
    } catch {
      return "";
    }
  }

  function keep(name, state) {
    const others = [...new URLSearchParams(location.search)].filter(([key]) => !key.startsWith(`${name}.`));
    const own = [...new URLSearchParams(state)].map(([key, value]) => [`${name}.${key}`, value]);
    const query = new URLSearchParams([...others, ...own]).toString();
    history.replaceState(history.state, "", `${location.pathname}${query && "?"}${query}${location.hash}`);
    try {
      if (state) localStorage.setItem(STORE + name, state);
      else localStorage.removeItem(STORE + name);
    } catch {
      // Storage is switched off: the address still holds the state.
    }
  }

  // Makes the children of `now` those of `next`, and leaves what is equal in place: the focus, the cursor, what is unfolded.
  function become(now, next) {
    const old = [...now.childNodes];
    const fresh = [...next.childNodes];
    fresh.forEach((node, i) => {
      const there = old[i];
      if (!there) now.append(node);
      else if (there.nodeName !== node.nodeName) there.replaceWith(node);
      else if (there.nodeType !== Node.ELEMENT_NODE) there.data = node.data;
      else if (!there.isEqualNode(node) || "value" in there) becomeElement(there, node);
    });
    old.slice(fresh.length).forEach((node) => node.remove());
  }

  function becomeElement(now, next) {
    for (const { name } of [...now.attributes]) {
      if (!next.hasAttribute(name) && name !== "open") now.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (now.getAttribute(name) !== value) now.setAttribute(name, value);
    }
    // Before its text moves over, which is the value of a text area.
    const { value } = next;
    become(now, next);
    if (now.type === "radio" || now.type === "checkbox") now.checked = next.hasAttribute("checked");
    else if ("value" in now && now.value !== value) now.value = value;
  }

  // Scrolls a drawing that is wider than its frame to what is drawn as current.
  function follow(frame) {
    const current = frame.querySelector(".current")?.getBoundingClientRect();
    const { left, right, width } = frame.getBoundingClientRect();
    if (current && (current.left < left || current.right > right)) {
      frame.scrollLeft += (current.left + current.right) / 2 - left - width / 2;
    }
  }

  function button(label, does) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: label, onclick: does });
    return made;
  }

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  // How long a slice of computing may take, in milliseconds: a frame is 16.
  const SLICE = 12;

  async function show(place) {
    const { Instance, Tick } = await computation();
    const name = place.dataset.widget;
    let instance = Instance.open(name, kept(name));
    if (!instance) throw new Error(`there is no widget ${name}`);
    const live = document.createElement("form");
    live.className = "live";
    live.setAttribute("aria-label", instance.title());
    const draw = () => {
      const template = document.createElement("template");
      template.innerHTML = instance.view();
      become(live, template.content);
      live.querySelectorAll(".frame").forEach(follow);
    };
    // The address and the browser's storage follow a little later: a browser refuses too many changes of the address.
    let keeping;
    const keepSoon = () => {
      clearTimeout(keeping);
      keeping = setTimeout(() => keep(name, instance.state()), 150);
    };
    // Goes on with what takes longer, in slices, while the widget is seen.
    let frame = null;
    const go = () => {
      frame = null;
      if (!seen.has(place)) return;
      const until = performance.now() + SLICE;
      const again = (tick) => tick === Tick.More || (tick === Tick.NextFrame && still.matches);
      let tick = instance.tick();
      const began = tick !== Tick.Idle;
      while (again(tick) && performance.now() < until) tick = instance.tick();
      if (began && (!still.matches || tick === Tick.Idle)) draw();
      if (tick !== Tick.Idle) wake();
      else if (began) keepSoon();
    };
    const wake = () => (frame ??= requestAnimationFrame(go));
    wakes.set(place, wake);
    const receive = (control, value) => {
      instance.receive(control, value);
      draw();
      keepSoon();
      wake();
    };
    live.addEventListener("submit", (event) => event.preventDefault());
    live.addEventListener("input", ({ target }) => {
      if (target.name) receive(target.name, target.type === "checkbox" ? String(target.checked) : target.value);
    });
    live.addEventListener("click", ({ target }) => {
      const pressed = target.closest("button[name]");
      if (pressed && pressed.getAttribute("aria-disabled") !== "true") receive(pressed.name, pressed.value);
    });
    const reset = button("Reset", () => {
      instance.free();
      instance = Instance.open(name, "");
      draw();
      clearTimeout(keeping);
      keep(name, "");
    });
    const foot = document.createElement("div");
    foot.className = "foot";
    foot.append(reset);
    draw();
    place.append(live, foot);
    place.classList.add("computes");
    wake();
  }

  // The widgets near the screen, and how each that computes is woken.
  const seen = new Set();
  const wakes = new Map();
  const shown = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) {
        seen.delete(target);
        continue;
      }
      seen.add(target);
      wakes.get(target)?.();
      if (shown.has(target)) continue;
      shown.add(target);
      // Without the computation, the page keeps its figure.
      show(target).catch((error) => console.error(error));
    }
  }, { rootMargin: "400px" });
  places.forEach((place) => observer.observe(place));
})();
