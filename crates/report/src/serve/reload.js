// Of `make serve`: loads this page again when there is another book, and says when it is old.
(() => {
  const version = document.currentScript.dataset.version;
  const bar = document.createElement("div");
  bar.setAttribute("role", "status");
  bar.style.cssText =
    "position:fixed;left:0;right:0;bottom:0;z-index:1000;max-height:40vh;overflow:auto;padding:0.5em 1em;" +
    "white-space:pre-wrap;font:14px monospace;background:var(--bg);color:var(--fg);border-top:3px solid currentColor";
  const say = (text) => {
    if (text && !bar.isConnected) document.body.append(bar);
    if (bar.textContent !== text) bar.textContent = text;
    if (!text) bar.remove();
  };
  const ask = async () => {
    let state;
    try {
      state = await (await fetch("/book-state.json", { cache: "no-store" })).json();
    } catch {
      return say("This page may be old: `make serve` has ended.");
    }
    if (state.version !== version) return location.reload();
    say(state.refusal ? "This page is old: the book was refused.\n" + state.refusal : "");
  };
  setInterval(ask, 1000);
})();
