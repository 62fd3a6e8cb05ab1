// The negative control: a page with every fault must be found out in each of them, a sound page in none.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faults } from "./faults.mjs";

const page = (body) => `<!doctype html><html lang="en"><title>Control</title><link rel="icon" href="data:,"><style>h1 { break-after: avoid }</style><main><h1>Control</h1>${body}</main></html>`;
const SOUND = page(`<p id="here"><a href="#here">here</a></p><svg role="img"><title>T</title></svg><div class="resolved" hidden></div>`);
const BROKEN = {
  overflow: `<div style="width: 3000px">wide</div>`,
  "overflow by what is folded": `<details><summary>s</summary><div style="width: 3000px">wide</div></details>`,
  "broken link": `<a href="nowhere.html">x</a>`,
  "broken anchor": `<a href="sound.html#nowhere">x</a>`,
  "missing image": `<img src="nowhere.png" alt="">`,
  "missing file": `<link rel="stylesheet" href="nowhere.css">`,
  "console error": `<script>console.error("oh")</script>`,
  "script error": `<script>throw new Error("oh")</script>`,
  "request off the origin": `<img src="http://127.0.0.1:9/x.png" alt="">`,
  "drawing without a title": `<svg role="img"></svg>`,
  "malformed formula": `<math><msub><mi>x</mi></msub></math>`,
  "raw directive": `<p>&lt;&lt; number("a", "b") >></p>`,
  "missing glyph": `<math><mi>x</mi></math>`,
  "small target": `<button>x</button>`,
  "silent frame": `<div class="frame" style="overflow: auto" tabindex="0"><div style="width: 900px">wide</div></div>`,
  "parted by a line after a formula": `<p style="width: 1px">a <span class="formula"><math><mi>x</mi></math></span>, b</p>`,
  "parted by a plain space": `<p>at least 2 % of it</p>`,
  "cut caption": `<style>.frame::before { content: "moves" }</style><div class="frame" style="overflow: auto" tabindex="0"><table><caption>${"a caption ".repeat(9)}</caption><tbody><tr><td><div style="width: 900px">wide</div></td></tr></tbody></table></div>`,
  "cut graph": `<style>.frame::before { content: "moves" }</style><div class="frame" style="overflow: auto" tabindex="0"><svg class="wg" role="img" width="900"><title>T</title></svg></div>`,
  "unfit drawing by two that show": `<div><p class="for-wide">wide</p><p class="for-narrow">narrow</p></div>`,
  "unfit drawing by a sheet of paper": `<style>@media print { .for-wide { display: none } } @media (width > 600px) { .for-narrow { display: none } } @media (width <= 600px) { .for-wide { display: none } }</style><div><p class="for-wide">wide</p><p class="for-narrow">narrow</p></div>`,
  "heading that may end a page": `<h2 style="break-after: auto">x</h2>`,
  "cut on paper": `<div style="overflow: auto" tabindex="0"><div style="width: 900px">wide</div></div>`,
  "cut on paper by what sticks out": `<style>@media print { b { display: block; width: 900px } }</style><b>wide</b>`,
  "inaccessible": `<button></button>`,
  "no stamp": ``,
};

const folder = await mkdtemp(join(tmpdir(), "control-"));
let wrong = 0;
const expect = (holds, what) => {
  if (!holds) {
    wrong += 1;
    console.error(`control: ${what}`);
  }
};
try {
  await writeFile(join(folder, "sound.html"), SOUND);
  const sound = await faults(folder);
  expect(sound.found.length === 0, `a sound page has faults: ${sound.found.join("; ")}`);
  for (const [kind, body] of Object.entries(BROKEN)) {
    await writeFile(join(folder, `${kind.replaceAll(" ", "-")}.html`), page(body));
  }
  const { found } = await faults(folder);
  for (const kind of Object.keys(BROKEN)) {
    const name = `${kind.replaceAll(" ", "-")}.html`;
    const expected = kind.split(" by ")[0];
    expect(found.some((fault) => fault.startsWith(name) && fault.includes(`: ${expected}:`)), `not found: ${kind}`);
  }
  expect(!found.some((fault) => fault.startsWith("sound.html")), "the sound page is blamed");
} finally {
  await rm(folder, { recursive: true });
}
console.log(`${Object.keys(BROKEN).length} kinds of fault, ${wrong} not found`);
process.exit(wrong === 0 ? 0 : 1);
