// Shows the widgets of a page. It loads the computation when a widget comes near the screen, shows the HTML that the
// widget writes, and hands on what the reader types and clicks. It computes nothing itself: crates/widgets does.
"use strict";
(() => {
  const { kept, keep, foot } = globalThis.workedGradientsKept;
  const { pads, decode } = globalThis.workedGradientsPads;

  // mdBook turns the page at an arrow key, unless a text field has the focus. Here every control keeps its keys.
  const CONTROLS = "summary, button, input, select, textarea, [tabindex]";
  document.querySelector("main")?.addEventListener("keydown", (event) => {
    const arrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (arrow && event.target.closest(CONTROLS)) event.stopPropagation();
  });

  const places = [...document.querySelectorAll(".widget[data-widget]")];
  if (places.length === 0 || location.pathname.endsWith("/print.html")) return;

  // A page that was opened from disk can load a script, and no other bytes: so they come in scripts, packed.
  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${path_to_root}widgets/${name}.js`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`widgets/${name}.js was not loaded`));
      document.head.append(script);
    });
  }

  function unpack(text) {
    const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(unpacked).arrayBuffer();
  }

  let loading;
  function computation() {
    loading ??= load("compute").then(async () => {
      const { glue, wasm } = globalThis.workedGradients;
      await glue({ module_or_path: await unpack(wasm) });
      return glue;
    });
    return loading;
  }

  const files = new Map();
  function file(name) {
    if (!files.has(name)) {
      const loaded = load(name).then(() => unpack(globalThis.workedGradientsFiles[name]));
      files.set(name, loaded.then((bytes) => new Uint8Array(bytes)));
    }
    return files.get(name);
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
      // What the reader unfolded, and what access.js measured.
      const stays = ["open", "data-scrolls", "data-first-stays"].includes(name);
      if (!next.hasAttribute(name) && !stays) now.removeAttribute(name);
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

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  // How long a slice of computing may take, in milliseconds: a frame is 16.
  const SLICE = 12;

  // A widget that is not shown yet has only what is kept of it.
  const resets = new Map();
  const resetPage = () => places.forEach((place) => (resets.get(place) ?? (() => keep(place.dataset.widget, "")))());

  // Goes back to what stands there without scripts, and says why.
  const LACKING = ["WebAssembly", "DecompressionStream"].filter((it) => !(it in globalThis)).join(" and ");
  const FAILED = "The computation failed. What follows is what the page shows without it. Reload the page to try again.";
  const CANNOT = `This browser has no ${LACKING}, so nothing is computed here. What follows is what the page shows without it.`;
  function giveUp(place, why) {
    place.classList.remove("computes");
    place.querySelectorAll(".live, .foot, .hand-in").forEach((it) => it.remove());
    const said = Object.assign(document.createElement("p"), { className: "failed", textContent: why });
    said.setAttribute("role", "status");
    place.prepend(said);
  }

  // After a failure the program is called by no widget of the page, because it may have stopped half-way; nor is the
  // state kept with which it would fail again.
  let failed = false;
  function fail(error, name) {
    if (failed) return; // a step within this one failed before
    failed = true;
    console.error(error);
    wakes.clear();
    shown.forEach((place) => giveUp(place, FAILED));
    if (name) keep(name, "");
  }
  const guard = (name) => (does) => (...given) => {
    if (failed) return;
    try {
      does(...given);
    } catch (error) {
      fail(error, name);
    }
  };

  async function show(place) {
    const program = await computation();
    const safely = guard(place.dataset.widget);
    safely(() => live(place, program, safely))();
  }

  function live(place, { Instance, Tick }, safely) {
    const name = place.dataset.widget;
    let instance = Instance.open(name, kept(name));
    if (!instance) throw new Error(`there is no widget ${name}`);
    const form = document.createElement("form");
    form.className = "live";
    form.setAttribute("aria-label", instance.title());
    const draw = () => {
      const template = document.createElement("template");
      template.innerHTML = instance.view();
      become(form, template.content);
      form.querySelectorAll(".frame").forEach(follow);
    };
    // The address and the browser's storage follow a little later: a browser refuses too many changes of the address.
    let keeping;
    const keepSoon = () => {
      clearTimeout(keeping);
      keeping = setTimeout(safely(() => keep(name, instance.state())), 150);
    };
    // Goes on with what takes longer, in slices, while the widget is seen.
    let frame = null;
    const go = safely(() => {
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
    });
    const wake = () => (frame ??= requestAnimationFrame(go));
    wakes.set(place, wake);
    const receive = safely((control, value) => {
      instance.receive(control, value);
      handOn();
      draw();
      keepSoon();
      wake();
    });
    // However fast a pen moves, it is drawn once a frame.
    let due = false;
    pads(form, safely((control, value) => {
      instance.receive(control, value);
      keepSoon();
      if (due) return;
      due = true;
      requestAnimationFrame(safely(() => {
        due = false;
        draw();
      }));
    }));
    const image = safely((control, { width, height, data }) => {
      instance.image(control, width, height, data);
      draw();
      keepSoon();
    });
    const NO_IMAGE = { width: 0, height: 0, data: new Uint8Array() };
    const give = async (control, given) => image(control, await decode(given).catch(() => NO_IMAGE));
    form.addEventListener("paste", (event) => {
      const control = form.querySelector("[data-image]");
      const given = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
      if (control && given) give(control.name, given);
    });
    // Also of those that it asks for later.
    let asked = new Set();
    const handOn = safely(() => {
      const waiting = instance;
      const arrived = safely((wanted, bytes) => {
        if (waiting !== instance) return;
        instance.file(wanted, bytes);
        draw();
      });
      for (const wanted of waiting.files().filter((it) => !asked.has(it))) {
        asked.add(wanted);
        file(wanted).catch((error) => {
          console.error(error);
          return new Uint8Array();
        }).then((bytes) => arrived(wanted, bytes));
      }
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => {
      if (target.matches("[data-image]")) {
        if (target.files.length > 0) give(target.name, target.files[0]);
      } else if (target.name) receive(target.name, target.type === "checkbox" ? String(target.checked) : target.value);
    });
    form.addEventListener("click", ({ target }) => {
      const pressed = target.closest("button[name]");
      if (pressed && pressed.getAttribute("aria-disabled") !== "true") receive(pressed.name, pressed.value);
    });
    const reset = safely(() => {
      instance.free();
      instance = Instance.open(name, "");
      asked = new Set();
      handOn();
      draw();
      clearTimeout(keeping);
      keep(name, "");
    });
    resets.set(place, reset);
    draw();
    place.append(form, foot(reset, resetPage));
    if (place === places.at(-1)) place.append(globalThis.workedGradientsHandIn({ computation, file, slice: SLICE, fail }));
    place.classList.add("computes");
    handOn();
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
      if (LACKING) giveUp(target, CANNOT);
      else if (failed) giveUp(target, FAILED);
      else show(target).catch((error) => fail(error));
    }
  }, { rootMargin: "400px" });
  places.forEach((place) => observer.observe(place));
})();
