// Shows the widgets of a page. It loads the computation when a widget comes near the screen, shows the HTML that the
// widget writes, and hands on what the reader types and clicks. It computes nothing itself: crates/widgets does.
"use strict";
(() => {
  const { kept, keep, foot } = globalThis.workedGradientsKept;

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

  // A pad takes the pointer's way, in the units of its drawing, and the keys that move its own pen.
  const PEN_KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", " "];
  function pads(live, send) {
    let held;
    const place = (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(held.getScreenCTM().inverse());
      return `${Math.round(x)} ${Math.round(y)}`;
    };
    live.addEventListener("pointerdown", (event) => {
      const pad = event.target.closest("[data-pad]");
      if (!pad || !event.isPrimary || event.button !== 0) return;
      event.preventDefault();
      held = pad;
      held.focus({ preventScroll: true });
      held.setPointerCapture(event.pointerId);
      send(held.dataset.pad, `down ${place(event)}`);
    });
    live.addEventListener("pointermove", (event) => {
      if (!held || !event.isPrimary) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const each of passed.length > 0 ? passed : [event]) send(held.dataset.pad, `move ${place(each)}`);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      live.addEventListener(end, (event) => {
        if (!held || !event.isPrimary) return;
        send(held.dataset.pad, "up");
        held = undefined;
      });
    }
    live.addEventListener("keydown", (event) => {
      const pad = event.target.closest("[data-pad]");
      if (!pad || !PEN_KEYS.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      send(pad.dataset.pad, `key ${event.key === " " ? "Space" : event.key}`);
    });
  }

  // A picture's pixels, as the browser decodes them.
  const LONGEST_SIDE = 1000;
  async function decode(picture) {
    const bitmap = await createImageBitmap(picture, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((length) => Math.max(1, Math.round(length * scale)));
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.drawImage(bitmap, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  }

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  // How long a slice of computing may take, in milliseconds: a frame is 16.
  const SLICE = 12;

  // A widget that is not shown yet has only what is kept of it.
  const resets = new Map();
  const resetPage = () => places.forEach((place) => (resets.get(place) ?? (() => keep(place.dataset.widget, "")))());

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
    // However fast a pen moves, it is drawn once a frame.
    let due = false;
    pads(live, (control, value) => {
      instance.receive(control, value);
      keepSoon();
      if (due) return;
      due = true;
      requestAnimationFrame(() => {
        due = false;
        draw();
      });
    });
    const picture = async (control, given) => {
      const { width, height, data } = await decode(given).catch(() => ({ width: 0, height: 0, data: new Uint8Array() }));
      instance.image(control, width, height, data);
      draw();
      keepSoon();
    };
    live.addEventListener("paste", (event) => {
      const control = live.querySelector("[data-image]");
      const given = [...event.clipboardData.files].find(({ type }) => type.startsWith("image/"));
      if (control && given) picture(control.name, given);
    });
    const handOn = async () => {
      const waiting = instance;
      for (const wanted of waiting.files()) {
        const bytes = await file(wanted).catch((error) => {
          console.error(error);
          return new Uint8Array();
        });
        if (waiting !== instance) return;
        instance.file(wanted, bytes);
        draw();
      }
    };
    live.addEventListener("submit", (event) => event.preventDefault());
    live.addEventListener("input", ({ target }) => {
      if (target.matches("[data-image]")) {
        if (target.files.length > 0) picture(target.name, target.files[0]);
      } else if (target.name) receive(target.name, target.type === "checkbox" ? String(target.checked) : target.value);
    });
    live.addEventListener("click", ({ target }) => {
      const pressed = target.closest("button[name]");
      if (pressed && pressed.getAttribute("aria-disabled") !== "true") receive(pressed.name, pressed.value);
    });
    const reset = () => {
      instance.free();
      instance = Instance.open(name, "");
      handOn();
      draw();
      clearTimeout(keeping);
      keep(name, "");
    };
    resets.set(place, reset);
    draw();
    place.append(live, foot(reset, resetPage));
    if (place === places.at(-1)) place.append(globalThis.workedGradientsHandIn({ computation, file, slice: SLICE }));
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
      // Without the computation, the page keeps its figure.
      show(target).catch((error) => console.error(error));
    }
  }, { rootMargin: "400px" });
  places.forEach((place) => observer.observe(place));
})();
