// node widgets/main.mjs BOOK PROGRAM [ROUNDS [BROWSER]]: drives every widget of the built book in a browser, chromium or
// firefox, and holds it to the command. In Firefox each widget is used and computes from disk; arrow keys, axe-core, touch,
// failures and the hand-in are driven in Chromium alone.
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inaccessible, launch, serve } from "../browser.mjs";
import { failures } from "./failures.mjs";
import { handIn } from "./hand-in.mjs";
import { keys } from "./keys.mjs";
import { Findings, open } from "./reader.mjs";
import { weight } from "./weight.mjs";

const [book, program] = process.argv.slice(2, 4).map((path) => resolve(path));
const [rounds, browserName] = [Number(process.argv[4] ?? 1000), process.argv[5] ?? "chromium"];
const here = new URL(".", import.meta.url);
const HELPERS = ["main.mjs", "reader.mjs", "keys.mjs", "failures.mjs", "hand-in.mjs", "weight.mjs"];

/** Every widget with its page, as the built book has them. */
async function placed() {
  const pages = (await readdir(book)).filter((name) => name.endsWith(".html") && name !== "print.html");
  const found = new Map();
  for (const page of pages) {
    for (const [, name] of (await readFile(join(book, page), "utf8")).matchAll(/data-widget="(\w+)"/g)) found.set(name, page);
  }
  return found;
}

/** What axe-core says of a page with its widget in use and everything unfolded, in every theme, narrow and wide. */
async function accessible(browser, address, name, findings) {
  for (const theme of ["light", "rust", "coal", "navy", "ayu"]) {
    for (const width of [360, 1600]) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
      await context.addInitScript((chosen) => localStorage.setItem("mdbook-theme", chosen), theme);
      const { page, widget } = await open(context, address, name, findings);
      await page.locator("details").evaluateAll((all) => all.forEach((it) => (it.open = true)));
      findings.equal((await inaccessible(page)).join("; "), "", `${name}: axe in ${theme} at ${width} px`);
      const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
      findings.expect(!sticksOut, `${name}: wider than the page in ${theme} at ${width} px`);
      await context.close();
    }
  }
}

const server = await serve(book);
const browser = await launch(browserName);
const findings = new Findings();
const widgets = await placed();
try {
  await weight(book, findings);
  const driven = (await readdir(here)).filter((file) => file.endsWith(".mjs") && !HELPERS.includes(file));
  findings.equal(driven.map((file) => file.slice(0, -4)).sort().join(), [...widgets.keys()].sort().join(), "widgets that are driven");
  for (const [name, page] of widgets) {
    const { drive } = await import(new URL(`${name}.mjs`, here));
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const address = `${server.origin}/${page}`;
    await drive({ context, address, program, findings, rounds });
    const file = await open(context, pathToFileURL(join(book, page)).href, name, findings);
    findings.expect(await file.widget.locator(".live").isVisible(), `${name}: computes when the page is opened from disk`);
    if (browserName === "chromium") await keys(context, address, name, findings);
    await context.close();
    if (browserName !== "chromium") continue;
    await accessible(browser, address, name, findings);
    await failures(browser, address, name, findings, name === [...widgets.keys()][0]);
  }
  if (browserName === "chromium") await handIn({ browser, origin: server.origin, widgets, program, findings });
} finally {
  await browser.close();
  server.close();
}
findings.faults.forEach((fault) => console.error(fault));
console.log(`${widgets.size} widgets, ${findings.checks} checks: ${findings.faults.length} faults`);
process.exit(findings.faults.length === 0 && widgets.size > 0 ? 0 : 1);
