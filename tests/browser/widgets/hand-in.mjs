// What a reader did on all pages, handed in as one file, and taken away again.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command, open, press, type } from "./reader.mjs";

const STORE = "worked-gradients.";

/** What a reader does with each widget, until it shows its receipts. */
const USES = {
  cross_entropy: (widget) => widget.locator('input[name="guess"][value="2"]').check(),
  std_dev: async (widget) => {
    await type(widget, "x1", "0.125");
    await widget.getByLabel("it depends on the inputs").check();
  },
  iris: async (widget) => {
    await type(widget, "epochs", "7");
    await widget.getByLabel("11 to 50").check();
    await press(widget, "To the end");
    await widget.locator(".receipt").waitFor();
  },
  digit: async (widget) => {
    await widget.locator(".thumb").first().waitFor();
    await widget.locator('input[name="guess"][value="both"]').check();
    await widget.locator('input[name="place"]').fill("3");
    await widget.locator(".receipt").waitFor();
  },
  wrong_gradient: async (widget) => {
    await widget.locator('input[name="dW2"]').check();
    await press(widget, "Check the gradients");
  },
};

const hashes = (widget) => widget.locator(".receipt .hash").allTextContents();
const storedKeys = (page) => page.evaluate((of) => Object.keys(localStorage).filter((key) => key.startsWith(of)).sort().join(), STORE);

/** In a page: whether the state of a widget is kept, and is no longer changed. A busy machine keeps it a while after it shows it. */
async function kept(key) {
  const before = localStorage.getItem(key);
  await new Promise((done) => setTimeout(done, 1000));
  return before !== null && before === localStorage.getItem(key);
}

/** Uses every widget, and says which receipts it shows. */
async function use(context, origin, widgets, findings) {
  const shown = new Map();
  for (const [name, at] of widgets) {
    const { page, widget } = await open(context, `${origin}/${at}`, name, findings);
    findings.expect(USES[name] !== undefined, `hand-in: nobody uses ${name}`);
    await USES[name]?.(widget);
    shown.set(name, await hashes(widget));
    await page.waitForFunction(kept, STORE + name);
    await page.close();
  }
  return shown;
}

/** Unfolds the panel and waits until it is filled. */
async function unfolded(widget) {
  const panel = widget.locator(".hand-in");
  if (!(await panel.evaluate((it) => it.open))) await panel.locator("> summary").click();
  await filled(panel);
  return panel;
}

const filled = (panel) => panel.locator("> div:not([aria-busy]) tbody").waitFor();

/** Saves the file as a reader does. */
async function saved(page, panel, path) {
  const [download] = await Promise.all([page.waitForEvent("download"), panel.locator("a.handed").click()]);
  await download.saveAs(path);
  return { name: download.suggestedFilename(), text: await readFile(path, "utf8") };
}

/** The file is what the panel and the pages show, and no more. */
async function compare(page, panel, text, widgets, shown, findings) {
  findings.equal(await panel.locator("pre").textContent(), text, "hand-in: the text before it is saved");
  const { format, version, widgets: handed, ...more } = JSON.parse(text);
  findings.equal([format, version, Object.keys(more)].join(), "worked-gradients-hand-in,1,", "hand-in: its head");
  const rows = await panel.locator("tr[data-handed]").evaluateAll((all) => all.map((row) => row.dataset.handed));
  findings.equal(handed.map((it) => it.widget).join(), rows.join(), "hand-in: its order is that of the panel");
  findings.equal([...rows].sort().join(), [...widgets.keys()].sort().join(), "hand-in: its widgets");
  for (const { widget, page: at, state, guess, receipts, ...rest } of handed) {
    findings.equal(Object.keys(rest).join(), "", `hand-in: more of ${widget}`);
    findings.equal(at, widgets.get(widget), `hand-in: the page of ${widget}`);
    findings.equal(receipts.join(), shown.get(widget).join(), `hand-in: the receipts of ${widget}`);
    const stored = await page.evaluate((key) => [...new URLSearchParams(localStorage.getItem(key))], STORE + widget);
    findings.equal(JSON.stringify(state), JSON.stringify(stored), `hand-in: the state of ${widget}`);
    const cells = await panel.locator(`tr[data-handed="${widget}"] td`).allTextContents();
    findings.equal(cells[0], guess ?? "not asked", `hand-in: the guess of ${widget} in the panel`);
    findings.equal(cells[1].trim(), receipts.join(" ") || "none yet", `hand-in: the receipts of ${widget} in the panel`);
  }
}

/** The command opens it again; one digit of a receipt is seen. */
async function judged(program, path, text, findings) {
  const holds = command(program, ["hand-in", path]);
  findings.equal(holds.status, 0, `hand-in: the command: ${holds.stdout}`);
  findings.expect(/5 guesses and 5 receipts hold/.test(holds.stdout), `hand-in: the command says ${holds.stdout}`);
  for (const { widget, receipts } of JSON.parse(text).widgets) {
    for (const receipt of receipts) {
      const other = (receipt.startsWith("0") ? "1" : "0") + receipt.slice(1);
      await writeFile(path, text.replace(receipt, other));
      const { status, stdout } = command(program, ["hand-in", path]);
      findings.expect(status === 1 && stdout.includes(`${widget}: the receipt "${other.slice(0, 40)}"`), `control: another receipt of ${widget} ends with ${status}: ${stdout}`);
    }
  }
}

/** The page of a widget is reset, and the others stay. */
async function resetPage(page, widget, name, widgets, findings) {
  const panel = widget.locator(".hand-in");
  await press(widget, "Reset this page");
  await panel.locator(`tr[data-handed="${name}"] td`, { hasText: "not made yet" }).waitFor();
  await filled(panel);
  const left = [...widgets.keys()].filter((other) => other !== name).map((other) => STORE + other).sort().join();
  findings.equal(await storedKeys(page), left, "Reset this page: what is kept of the others");
  findings.equal(new URL(page.url()).search, "", "Reset this page: the address");
}

/** All pages are reset, by keyboard, after a question that can be answered with no. */
async function resetAll(page, widget, findings) {
  const before = await storedKeys(page);
  await widget.getByRole("button", { name: "Reset all pages", exact: true }).focus();
  await page.keyboard.press("Enter");
  findings.equal(await page.evaluate(() => document.activeElement.textContent), "No, keep everything", "Reset all pages: the focus");
  findings.expect((await widget.locator('.foot [role="status"]').textContent()).includes("everything that this browser keeps"), "Reset all pages: the question");
  await page.keyboard.press("Enter");
  findings.equal(await storedKeys(page), before, "Reset all pages: what is kept after no");
  findings.equal(await page.evaluate(() => document.activeElement.textContent), "Reset all pages", "Reset all pages: the focus after no");
  await page.keyboard.press("Enter");
  await press(widget, "Yes, reset all pages");
  findings.equal(await storedKeys(page), "", "Reset all pages: what is kept after yes");
  await widget.locator(".hand-in", { hasText: "nothing to hand in" }).waitFor();
  findings.equal(await widget.locator(".hand-in a.handed").count(), 0, "Reset all pages: links to save a file");
}

export async function handIn({ browser, origin, widgets, program, findings }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  const folder = await mkdtemp(join(tmpdir(), "hand-in-"));
  try {
    const shown = await use(context, origin, widgets, findings);
    const [name, at] = [...widgets].find(([name]) => name === "wrong_gradient");
    const { page, widget } = await open(context, `${origin}/${at}`, name, findings);
    const panel = await unfolded(widget);
    const path = join(folder, "hand-in.json");
    const { name: suggested, text } = await saved(page, panel, path);
    findings.equal(suggested, "hand-in.json", "hand-in: the name of the file");
    await compare(page, panel, text, widgets, shown, findings);
    await judged(program, path, text, findings);
    // What changes while the panel is open is in it.
    await press(widget, "Another fault");
    await panel.locator(`tr[data-handed="${name}"] td`, { hasText: "none yet" }).waitFor();
    await widget.locator('input[name="db1"]').check();
    await panel.locator(`tr[data-handed="${name}"] td`, { hasText: "db1" }).waitFor();
    await resetPage(page, widget, name, widgets, findings);
    await resetAll(page, widget, findings);
    const first = await open(context, `${origin}/${widgets.get("cross_entropy")}`, "cross_entropy", findings);
    findings.equal(await first.widget.locator(".hidden-loss").count(), 9, "Reset all pages: losses hidden on another page");
  } finally {
    await rm(folder, { recursive: true });
    await context.close();
  }
}
