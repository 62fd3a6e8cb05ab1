// What a reader draws on a pad of a widget, and the pixels of an image that a reader gives: book/theme/widgets.js hands
// both on.
"use strict";
globalThis.workedGradientsPads = (() => {
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

  // An image's pixels, as the browser decodes them.
  const LONGEST_SIDE = 1000;
  async function decode(image) {
    const bitmap = await createImageBitmap(image, { premultiplyAlpha: "none", colorSpaceConversion: "none" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((length) => Math.max(1, Math.round(length * scale)));
    const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    context.drawImage(bitmap, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  }

  return { pads, decode };
})();
