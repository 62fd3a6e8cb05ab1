// A reader of one page: opens it, drives its widget as a person does, and holds what it shows to what the command prints.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

/** What went wrong, and how much was looked at. */
export class Findings {
  faults = [];
  checks = 0;

  /** One check: `what` is a fault unless it holds. */
  expect(holds, what) {
    this.checks += 1;
    if (!holds) this.faults.push(what);
  }

  equal(found, expected, what) {
    this.expect(found === expected, `${what}: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
}

/** The standard output of `coursework`, and its end. */
export function command(program, args) {
  const { stdout, status, error } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  if (error) throw error;
  return { stdout, status };
}

export const sha256 = (text) => createHash("sha256").update(text).digest("hex");

/** A random generator with a seed (mulberry32): the same inputs in each run. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * What Firefox says of a formula that it laid out before the rest of it had arrived. Whether the formulas of a page are
 * whole once it is there, `faults.mjs` looks.
 */
const HALF_LOADED = /^Incorrect number of children for <m\w+\/> tag/;

/** Opens a page and waits until its widget of that name computes. */
export async function open(context, address, name, findings) {
  const page = await context.newPage();
  const origin = new URL(address).origin;
  page.on("console", (message) => message.type() === "error" && findings.expect(false, `${address}: console: ${message.text()}`));
  page.on("pageerror", ({ message }) => findings.expect(HALF_LOADED.test(message), `${address}: script: ${message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const outside = url.protocol.startsWith("http") && url.origin !== origin;
    if (outside) findings.expect(false, `${address}: request off the origin: ${url}`);
  });
  await page.goto(address);
  const place = page.locator(`.widget[data-widget="${name}"]`);
  await place.scrollIntoViewIfNeeded();
  const widget = page.locator(`.widget.computes[data-widget="${name}"]`);
  await widget.waitFor({ timeout: 20000 });
  return { page, widget };
}

/** The hash on the receipt, which need not be unfolded. */
export const receipt = (widget) => widget.locator(".receipt .hash").textContent();

/** What is said of the record that holds the same result; nothing where no record does. */
export async function recorded(widget) {
  const said = await widget.locator(".recorded").allTextContents();
  return said.join(" ");
}

/** Control: a page whose records hold other hashes says so, wherever it compared. */
export async function otherwise({ context, address, name, findings, before = async () => {} }) {
  const stranger = await context.browser().newContext({ viewport: { width: 1280, height: 900 } });
  await stranger.route("**/widgets/recorded.js", async (route) => {
    const text = await (await route.fetch()).text();
    const packed = text.match(/"([A-Za-z0-9+/=]+)"/)[1];
    const lines = gunzipSync(Buffer.from(packed, "base64")).toString().replaceAll(/\t[0-9a-f]{64}\t/g, `\t${"0".repeat(64)}\t`);
    await route.fulfill({ contentType: "text/javascript", body: text.replace(packed, gzipSync(lines).toString("base64")) });
  });
  const { page, widget } = await open(stranger, address, name, findings);
  await before(page, widget);
  await widget.locator(".recorded.differs").first().waitFor({ state: "attached", timeout: 20000 }).catch(() => {});
  const said = await recorded(widget);
  findings.expect(said.startsWith("✗ not equal to results/"), `${name}: control: other hashes in the records: ${JSON.stringify(said)}`);
  await stranger.close();
}

/** Types into a field. */
export const type = (widget, name, text) => widget.locator(`input[name="${name}"]`).fill(text);

export const press = (widget, label) => widget.getByRole("button", { name: label, exact: true }).click();

/** So many rounds of random inputs go through mouse and keyboard; the rest send the same events from within the page. */
const BY_HAND = 25;

/** Presses, chooses and types, and reads the receipt. A step is a kind, a name or label, and a value. */
export async function enter(widget, steps, round) {
  if (round >= BY_HAND) return widget.evaluate(fromWithin, steps);
  for (const [kind, name, value] of steps) {
    if (kind === "press") await press(widget, name);
    else if (kind === "choose") await widget.locator(`input[name="${name}"][value="${value}"]`).check();
    else if (kind === "select") await widget.locator(`select[name="${name}"]`).selectOption(value);
    else await type(widget, name, value);
  }
  return receipt(widget);
}

/** Runs in the page. */
function fromWithin(place, steps) {
  for (const [kind, name, value] of steps) {
    if (kind === "press") [...place.querySelectorAll("button")].find((it) => it.textContent === name).click();
    else if (kind === "choose") place.querySelector(`input[name="${name}"][value="${value}"]`).click();
    else {
      const control = place.querySelector(`.live [name="${name}"]`);
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  return place.querySelector(".receipt .hash").textContent;
}

/** The state is in the address and in the browser, until it is reset: `text` in the field `name`, which shows `first` at first. */
export async function kept({ context, page, widget, address, findings, of, name, text, first }) {
  await type(widget, name, text);
  await page.waitForURL((url) => [...url.searchParams].some(([key, value]) => key.startsWith(`${of}.`) && value === text));
  const shown = (opened) => opened.widget.locator(`input[name="${name}"]`).inputValue();
  const again = await open(context, address, of, findings);
  findings.equal(await shown(again), text, `${of}: ${name} after the page was opened again`);
  const stranger = await context.browser().newContext();
  const shared = await open(stranger, page.url(), of, findings);
  findings.equal(await shown(shared), text, `${of}: ${name} at the address, in another browser`);
  await stranger.close();
  await press(again.widget, "Reset");
  findings.equal(await shown(again), first, `${of}: ${name} after Reset`);
  findings.equal(again.page.url(), address, `${of}: the address after Reset`);
  return again;
}
