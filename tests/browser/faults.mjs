// The faults of a folder of pages: every page in light and dark, on a narrow and a wide screen.
import { readdir } from "node:fs/promises";
import { relative } from "node:path";
import { inaccessible, launch, serve } from "./browser.mjs";

const SCREENS = [
  { width: 360, theme: "light", axe: true }, { width: 360, theme: "navy" },
  { width: 1600, theme: "light" }, { width: 1600, theme: "navy", axe: true },
];
const FORMULA_FONT = "Latin Modern Math";

/** Every fault as a line: page, screen, kind, what. */
export async function faults(folder, { stamps = true } = {}) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".html"));
  // The first is the sidebar's frame for browsers without scripts, which no reader opens by itself.
  const pages = names.filter((name) => name !== "toc.html").sort();
  const server = await serve(folder);
  const browser = await launch();
  const found = [];
  const links = new Map();
  const ids = new Map();
  try {
    for (const screen of SCREENS) {
      const context = await browser.newContext({ viewport: { width: screen.width, height: 900 } });
      await context.addInitScript((theme) => localStorage.setItem("mdbook-theme", theme), screen.theme);
      for (const name of pages) {
        const report = (kind, what) => found.push(`${name} (${screen.width} px, ${screen.theme}): ${kind}: ${what}`);
        await visit(context, server.origin, name, screen, report, { links, ids, stamps });
      }
      await context.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  return { pages: pages.length, found: [...found, ...broken(links, ids, server.origin)] };
}

async function visit(context, origin, name, screen, report, { links, ids, stamps }) {
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && report("console error", message.text()));
  page.on("pageerror", (error) => report("script error", error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) report("request off the origin", request.url());
  });
  page.on("response", (response) => response.status() >= 400 && report("missing file", response.url()));
  await page.goto(`${origin}/${name}`, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  await overflow(page, report, "");
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  await overflow(page, report, ", everything unfolded");
  const seen = await page.evaluate(look);
  seen.images.forEach((image) => report("missing image", image));
  seen.unnamed.forEach((drawing) => report("drawing without a title", drawing));
  seen.malformed.forEach((formula) => report("malformed formula", formula));
  seen.raw.forEach((text) => report("raw directive", text));
  (await page.evaluate(unfit)).forEach((drawing) => report("unfit drawing", drawing));
  if (screen.axe) (await inaccessible(page)).forEach((rule) => report("inaccessible", rule));
  if (stamps && name !== "404.html" && seen.stamps === 0) report("no stamp", "the preprocessor did not run");
  if (screen === SCREENS[0]) {
    (await page.evaluate(small)).forEach((target) => report("small target", target));
    (await page.evaluate(silent)).forEach((frame) => report("silent frame", frame));
    (await page.evaluate(parted)).forEach((place) => report("parted", place));
    (await page.evaluate(cutCaption)).forEach((caption) => report("cut caption", caption));
    (await page.evaluate(cutGraph)).forEach((frame) => report("cut graph", frame));
    await paper(page, report);
    ids.set(name, new Set(seen.ids));
    // That page is shown at any address, so it names the book's root as base, and its links to itself lead there.
    if (name !== "404.html") links.set(name, seen.links);
    await formulas(page, report);
  }
  await page.close();
}

/** What a page holds; runs in the page. */
function look() {
  const parts = { mfrac: 2, mroot: 2, msub: 2, msup: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3 };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const prose = all("main p, main li, main td").map((it) => {
    const copy = it.cloneNode(true);
    copy.querySelectorAll("code, pre, math").forEach((code) => code.remove());
    return copy.textContent;
  });
  return {
    images: all("img").filter((image) => image.naturalWidth === 0).map((image) => image.src),
    unnamed: all("main svg[role=img]").filter((svg) => !svg.querySelector("title")?.textContent).map((svg) => svg.outerHTML.slice(0, 80)),
    malformed: Object.entries(parts).flatMap(([tag, count]) =>
      all(tag).filter((it) => it.children.length !== count).map((it) => it.outerHTML.slice(0, 80))),
    raw: prose.filter((text) => /<<|\$\$|\{\{#/.test(text)).map((text) => text.slice(0, 80)),
    stamps: all(".resolved").length,
    ids: all("[id], a[name]").flatMap((it) => [it.id, it.getAttribute("name")]).filter(Boolean),
    links: all("a[href]").map((link) => link.href),
  };
}

async function overflow(page, report, when) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return null;
    const sticksOut = (it) => it.getBoundingClientRect().right > width + 1 && !it.closest(".frame, pre, .table-wrapper, .formula");
    const first = [...document.querySelectorAll("main *")].find(sticksOut);
    return `${document.documentElement.scrollWidth} px${first ? `, by ${first.outerHTML.slice(0, 80)}` : ""}`;
  });
  if (wide) report("overflow", wide + when);
}

/** What a finger would miss: controls, folds and quoted numbers of less than 24 pixels; runs in the page. */
function small() {
  const targets = [...document.querySelectorAll("main :is(button, input, select, textarea, summary, a.quoted, a.claim)")];
  const size = (it) => {
    // A box that is ticked has its label as target as well; a link in a line may go over two.
    const boxes = [...(it.closest("label") ?? it).getClientRects()];
    return [Math.max(...boxes.map(({ width }) => width)), Math.max(...boxes.map(({ height }) => height))];
  };
  // The buttons on a listing are mdBook's.
  const shown = targets.filter((it) => it.checkVisibility() && it.type !== "hidden" && !it.closest("pre"));
  return shown.filter((it) => Math.min(...size(it)) < 23.5).map((it) => `${size(it).map(Math.round).join(" x ")}: ${it.outerHTML.slice(0, 80)}`);
}

/** Frames that hide a part of what they hold and do not say so; runs in the page. */
function silent() {
  const hides = (it) => it.checkVisibility() && it.scrollWidth > it.clientWidth + 1;
  const says = (it) => /\w/.test(getComputedStyle(it, "::before").content.replace("none", ""));
  return [...document.querySelectorAll("main :is(.frame, .table-wrapper, .formula.displayed)")].filter((it) => hides(it) && !says(it)).map((it) => it.outerHTML.slice(0, 80));
}

/** Punctuation on another line than the formula it touches, and numbers that may lose their unit so; runs in the page. */
function parted() {
  const isParted = (formula) => {
    const next = formula.nextSibling;
    if (next?.nodeType !== Node.TEXT_NODE || !/^[.,;:?)]/.test(next.data) || !formula.checkVisibility()) return false;
    const range = document.createRange();
    range.setStart(next, 0);
    range.setEnd(next, 1);
    return range.getBoundingClientRect().left < formula.getBoundingClientRect().right - 1;
  };
  const formulas = [...document.querySelectorAll("main .formula:not(.displayed)")].filter(isParted).map((it) => it.parentElement);
  const texts = [...document.querySelectorAll("main :is(p, li, td, caption, figcaption)")].filter((it) => !it.closest(".live"));
  const loose = texts.filter((it) => [...it.childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && /\d %/.test(data)));
  return [...formulas, ...loose].map((it) => it.textContent.slice(0, 80));
}

/** Captions of tables that do not end where their frame does; runs in the page. */
function cutCaption() {
  const text = (it) => {
    const range = document.createRange();
    range.selectNodeContents(it);
    return range.getBoundingClientRect();
  };
  const captions = [...document.querySelectorAll("main .frame caption")].filter((it) => it.checkVisibility());
  return captions.filter((it) => text(it).right > it.closest(".frame").getBoundingClientRect().right + 1).map((it) => it.textContent.slice(0, 80));
}

/** T2's graph where its frame hides a part of it, though the page has an upright one; runs in the page. */
function cutGraph() {
  const frames = [...document.querySelectorAll("main .frame:has(svg.wg)")].filter((it) => it.checkVisibility());
  return frames.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.outerHTML.slice(0, 80));
}

/** Figures with a drawing for narrow pages that show another one than they should, or both, or none; runs in the page. */
function unfit() {
  const isNarrow = matchMedia("screen and (max-width: 600px)").matches;
  const places = [...document.querySelectorAll(":is(main, main *):has(> .for-narrow)")].filter((it) => it.checkVisibility());
  const shows = (it, kind) => it.querySelector(`:scope > ${kind}`)?.checkVisibility() ?? false;
  const fits = (it) => shows(it, ".for-narrow") === isNarrow && shows(it, ".for-wide") !== isNarrow;
  return places.filter((it) => !fits(it)).map((it) => it.outerHTML.slice(0, 80));
}

/** The width of A4 without the margins of theme/paper.css, in CSS pixels. */
const PAPER = 672;

/** What a sheet of paper would cut off: it sticks out, or lies in a frame that would have to be moved. */
async function paper(page, report) {
  const { height, width } = page.viewportSize();
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = false)));
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: PAPER, height });
  const cut = await page.evaluate((paper) => {
    const all = [...document.querySelectorAll("main *")].filter((it) => it.checkVisibility());
    const sticksOut = (it) => it.getBoundingClientRect().right > paper + 1 && !it.closest("svg *, math *");
    const hides = (it) => it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0 && getComputedStyle(it).overflowX !== "visible";
    return all.filter((it) => sticksOut(it) || hides(it)).map((it) => it.outerHTML.slice(0, 80)).slice(0, 3);
  }, PAPER);
  cut.forEach((it) => report("cut on paper", it));
  (await page.evaluate(unfit)).forEach((drawing) => report("unfit drawing", `on paper: ${drawing}`));
  const stranded = await page.evaluate(() => [...document.querySelectorAll("main :is(h1, h2, h3, h4)")]
    .filter((it) => getComputedStyle(it).breakAfter !== "avoid").map((it) => it.outerHTML.slice(0, 80)));
  stranded.slice(0, 3).forEach((it) => report("heading that may end a page", it));
  await page.emulateMedia({ media: null });
  await page.setViewportSize({ width, height });
}

/** Every glyph of every formula comes from the book's own font. */
async function formulas(page, report) {
  const client = await page.context().newCDPSession(page);
  await client.send("DOM.enable");
  await client.send("CSS.enable");
  const { root } = await client.send("DOM.getDocument");
  const { nodeIds } = await client.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "math" });
  for (const nodeId of nodeIds) {
    const { fonts } = await client.send("CSS.getPlatformFontsForNode", { nodeId });
    const foreign = fonts.filter((font) => !(font.isCustomFont && font.familyName.startsWith(FORMULA_FONT)));
    if (foreign.length > 0) {
      const { outerHTML } = await client.send("DOM.getOuterHTML", { nodeId });
      report("missing glyph", `${foreign.map((font) => font.familyName).join(", ")} in ${outerHTML.replace(/<[^>]*>/g, "")}`);
    }
  }
}

/** Links within the book whose page or anchor is not there. */
function broken(links, ids, origin) {
  const found = [];
  for (const [name, targets] of links) {
    for (const target of new Set(targets)) {
      const url = new URL(target);
      if (url.origin !== origin) continue;
      const page = relative("/", decodeURIComponent(url.pathname)) || "index.html";
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (page.endsWith(".html") && !ids.has(page)) found.push(`${name}: broken link: ${page}`);
      else if (anchor && !ids.get(page)?.has(anchor)) found.push(`${name}: broken anchor: ${page}#${anchor}`);
    }
  }
  return found;
}
