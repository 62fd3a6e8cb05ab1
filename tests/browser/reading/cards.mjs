// A quoted number opens to a card: by key, tap and mouse, with what the record says, and the page stays where it is.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inaccessible } from "../browser.mjs";
import { Findings } from "../widgets/reader.mjs";

const PAGES = ["index.html", "original.html", "p1-1.html", "p1-2.html", "p2-1.html", "p2-2.html", "summary.html", "t1.html", "t2.html"];
const NUMBER = "main a.quoted[data-card]";
const SCREENS = [{ width: 360, height: 740, hasTouch: true }, { width: 1280, height: 800, hasTouch: false }];

/** Faults planted in the script or in the style, each with what has to be found then. */
const PLANTED = [
  { file: "cards", from: "event.preventDefault();", to: "", finds: "the address" },
  { file: "cards", from: "opened?.focus({ preventScroll: true })", to: "", finds: "the focus after" },
  { file: "cards", from: "card.focus({ preventScroll: true });", to: "link.focus();", finds: "the focus in the card" },
  { file: "cards", from: "if (link !== closes) open(link);", to: "open(link);", finds: "pressed again" },
  { file: "cards", from: "`${top + scrollY}px`", to: "`${top}px`", finds: "the card's place" },
  { file: "cards", from: "value ?? `results", to: "value?.slice(0, 5) ?? `results", finds: "in the record", says: true },
  { file: "cards", from: "${share}", to: "", finds: "how much is recomputed", says: true },
  { file: "cards", from: "@media print", to: "@media not all", finds: "on paper" },
  { file: "widgets", from: "button, input,", to: "input,", finds: "an arrow key", cuts: ", [tabindex]" },
];

/** Milliseconds in which a page that should stay would be left; ten times as many where a fault is planted. */
const PATIENCE = 300;

const where = ({ width }) => `at ${width} px`;
const isOpen = (page) => page.evaluate(() => document.querySelector(".card")?.matches(":popover-open") ?? false);

/** Whether the widgets that a page makes at this place, a window above and below, are made: they change its height. */
const areMade = () => {
  const isNear = ({ top, bottom }) => bottom > -innerHeight && top < 2 * innerHeight;
  const near = [...document.querySelectorAll(".widget[data-widget]")].filter((it) => isNear(it.getBoundingClientRect()));
  return near.every((it) => it.querySelector(".live, .failed"));
};

/** Brings a link into the window, and waits until what is near it has its size. */
async function comes(page, link) {
  await link.evaluate((it) => it.scrollIntoView({ block: "center" }));
  await page.waitForFunction(areMade, null, { timeout: 20000 }).catch(() => {});
  for (let [before, height] = [0, 1]; before !== height; ) {
    before = height;
    await page.waitForTimeout(150);
    height = await page.evaluate(() => document.documentElement.scrollHeight);
  }
  await link.evaluate((it) => it.scrollIntoView({ block: "center" }));
}

const place = (link) => link.evaluate((it) => Math.round(it.getBoundingClientRect().top));

/** The value at a key of a record, found without the book's own code. */
function lookup(record, key) {
  return key.split(".").reduce((value, part) => {
    if (!Array.isArray(value)) return value?.[part];
    if (/^-?\d+$/.test(part)) return value.at(Number(part));
    return value.find((it) => [it.id, it.name, it.reading, `${it.first}:${it.second}`, `${it.from}:${it.to}`].includes(part));
  }, record);
}

/** Whether a card's text is what the record has there. A whole number may be written there as a float. */
function isSame(found, text) {
  if (typeof found === "string") return text === found;
  if (typeof found !== "object") return Number(text) === found;
  if (/^an? (list|object) of \d+$/.test(text)) return Object.keys(found).length === Number(text.split(" ").at(-1));
  return text.replaceAll(/(\d)\.0(?=[,}\]])/g, "$1") === JSON.stringify(found);
}

/** Every card of a page says what the record has, how it is computed again, and how much of that is done by default. */
async function values(page, name, records, findings) {
  const shown = await page.evaluate((selector) => {
    const { cards } = JSON.parse(document.querySelector("script.cards").textContent);
    return [...document.querySelectorAll(selector)].map((link) => {
      link.click();
      const { record, key } = cards[link.dataset.card];
      const said = [...document.querySelectorAll(".card dd")].map((it) => it.textContent).join(" ");
      return { record, key, value: document.querySelector("#card-value")?.textContent, said };
    });
  }, NUMBER);
  for (const { record, key, value, said } of shown) {
    findings.expect(said?.includes(`cargo coursework run ${record}`), `${name}: ${record}: no command in ${said}`);
    findings.expect(/make grade recomputes (all|none|\d+ part|derived)/.test(said), `${name}: ${record}: how much is recomputed: ${said}`);
    if (key === "all of it" || key.startsWith("derivations.")) continue;
    const found = lookup(records[record], key);
    const same = isSame(found, value);
    findings.expect(same, `${name}: ${record}: ${key} is ${value}, in the record ${JSON.stringify(found)?.slice(0, 80)}`);
  }
  return shown.length;
}

/** The middle of a link's first line: that of the whole may be beside it, where it goes over two lines. */
const onIt = (link) =>
  link.evaluate((it) => {
    const [line, all] = [it.getClientRects()[0], it.getBoundingClientRect()];
    return { x: line.x - all.x + line.width / 2, y: line.y - all.y + line.height / 2 };
  });

/** Opens the card of the link with Enter, a tap or a click. */
async function opens(page, link, how, findings, what, patience = PATIENCE) {
  await comes(page, link);
  const [before, address] = [await place(link), page.url()];
  if (how === "Enter") {
    await link.focus();
    await page.keyboard.press("Enter");
  } else if (how === "tap") await link.tap({ position: await onIt(link), timeout: 3000 });
  else await link.click({ position: await onIt(link), timeout: 3000 });
  // A page that is left is left a moment after the card is open.
  await page.waitForURL((url) => url.href !== address, { timeout: patience }).catch(() => {});
  findings.equal(page.url(), address, `${what}: the address`);
  if (page.url() !== address) return false;
  findings.expect(await isOpen(page), `${what}: no card`);
  findings.equal(await place(link), before, `${what}: the place on the page`);
  return true;
}

/** The card stands at the number and in the window, has the focus, and keeps its keys. */
async function stands(page, link, findings, what, patience) {
  const [box, at] = [await page.locator(".card").boundingBox(), await link.boundingBox()];
  const { width, height } = page.viewportSize();
  const inside = box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
  findings.expect(inside, `${what}: the card's place is not in the window: ${JSON.stringify(box)}`);
  const gap = box && Math.max(box.y - (at.y + at.height), at.y - (box.y + box.height));
  findings.expect(gap >= 0 && gap < 40, `${what}: the card's place is ${gap} px from the number`);
  findings.equal(await page.evaluate(() => document.activeElement.className), "card", `${what}: the focus in the card`);
  const address = page.url();
  const close = page.locator(".card .close");
  await close.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL((url) => url.href !== address, { timeout: patience }).catch(() => {});
  findings.equal(page.url(), address, `${what}: the address after an arrow key`);
}

/** Each way to close it gives the focus back and leaves the page where it is. */
async function closes(page, link, how, hasTouch, findings, what) {
  const before = await place(link);
  if (how === "Escape") await page.keyboard.press("Escape");
  else if (how === "Close") await page.locator(".card .close").click();
  else if (how === "again") await link.click({ position: await onIt(link), timeout: 3000 });
  else {
    // In the margin, where nothing takes a tap: on a side and a height where the card is not.
    const box = await page.locator(".card").boundingBox();
    const y = box.y > 120 ? box.y - 30 : box.y + box.height + 30;
    if (hasTouch) await page.touchscreen.tap(2, y);
    else await page.mouse.click(2, y);
  }
  await page.waitForTimeout(80);
  findings.expect(!(await isOpen(page)), `${what}: ${how === "again" ? "pressed again" : how} leaves the card open`);
  findings.expect(await link.evaluate((it) => document.activeElement === it), `${what}: the focus after ${how}`);
  findings.equal(await place(link), before, `${what}: the place on the page after ${how}`);
}

async function opened(browser, address, screen, planted, scripts = true) {
  const { width, height, hasTouch } = screen;
  const context = await browser.newContext({ viewport: { width, height }, hasTouch, javaScriptEnabled: scripts });
  if (planted) {
    await context.route(`**/theme/${planted.file}*`, async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      const cut = planted.cuts ? text.replace(planted.cuts, "") : text;
      await route.fulfill({ response, body: cut.replace(planted.from, planted.to) });
    });
  }
  const page = await context.newPage();
  await page.goto(address);
  return { context, page };
}

async function ended(context) {
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await context.close();
}

/** One page, on one screen. */
async function drive(browser, address, screen, findings, planted) {
  const { context, page } = await opened(browser, address, screen, planted);
  const what = where(screen);
  const links = page.locator(NUMBER);
  const count = await links.count();
  const press = screen.hasTouch ? "tap" : "click";
  const ways = [["Enter", "Escape"], [press, "elsewhere"], ["Enter", "Close"], [press, "again"], [press, "elsewhere"]];
  for (const [i, [open, close]] of ways.entries()) {
    const link = links.nth(Math.floor(((i + 0.5) * count) / ways.length));
    if (!(await link.isVisible())) continue;
    const patience = planted ? 10 * PATIENCE : PATIENCE;
    if (!(await opens(page, link, open, findings, `${what}, ${open}`, patience))) return ended(context);
    await stands(page, link, findings, `${what}, ${open}`, patience);
    if (page.url() !== address) return ended(context);
    await closes(page, link, close, screen.hasTouch, findings, `${what}, ${open}`);
    if (await isOpen(page)) await page.keyboard.press("Escape");
  }
  const link = links.first();
  await opens(page, link, press, findings, what);
  findings.equal((await inaccessible(page)).join("; "), "", `${what}: axe with an open card`);
  await page.emulateMedia({ media: "print" });
  findings.expect(!(await page.locator(".card").isVisible()), `${what}: the card shows on paper`);
  await ended(context);
}

/** Without scripts, the link leads where the record stands. */
async function withoutScripts(browser, address, findings) {
  const { context, page } = await opened(browser, address, SCREENS[1], null, false);
  const link = page.locator(NUMBER).first();
  const target = await link.evaluate((it) => it.href);
  await link.click();
  findings.equal(page.url(), target, "without scripts the number leads to");
  findings.expect(/recompute\.html#record-/.test(target), `without scripts the number leads to ${target}`);
  await ended(context);
}

/** The values of each page, the ways to open and close, and a fault of each kind, which has to be found. */
export async function cards(browser, origin, book, findings) {
  const records = {};
  const results = join(book, "../../results");
  let count = 0;
  for (const name of PAGES) {
    const { context, page } = await opened(browser, `${origin}/${name}`, SCREENS[1]);
    for (const record of await page.evaluate(() => Object.keys(JSON.parse(document.querySelector("script.cards").textContent).records))) {
      records[record] ??= JSON.parse(await readFile(join(results, `${record}.json`), "utf8"));
    }
    count += await values(page, name, records, findings);
    await ended(context);
  }
  findings.expect(count > 200, `only ${count} cards`);
  for (const screen of SCREENS) {
    for (const name of ["p1-1.html", "summary.html"]) await drive(browser, `${origin}/${name}`, screen, findings);
  }
  await drive(browser, pathToFileURL(join(book, "p2-2.html")).href, SCREENS[0], findings);
  await withoutScripts(browser, `${origin}/p2-2.html`, findings);
  for (const planted of PLANTED) {
    const control = new Findings();
    const address = `${origin}/p2-2.html`;
    if (planted.says) {
      const { context, page } = await opened(browser, address, SCREENS[1], planted);
      await values(page, "p2-2.html", records, control);
      await ended(context);
    } else await drive(browser, address, SCREENS[1], control, planted);
    findings.expect(control.faults.some((fault) => fault.includes(planted.finds)), `control: not found: ${planted.finds}: ${control.faults.slice(0, 3).join("; ")}`);
  }
}
