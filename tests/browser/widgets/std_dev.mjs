// T2: the graph that a reader walks.
import { command, enter, kept, open, otherwise, press, random, receipt, recorded, sha256, type } from "./reader.mjs";

const NAME = "std_dev";
export const page = "t2.html";

/** The command's receipt for some inputs as typed. */
function native(program, inputs, ddof) {
  const { stdout, status } = command(program, ["theory", "std-dev", `--inputs=${inputs.join(",")}`, "--ddof", ddof, "--json"]);
  return status === 0 ? sha256(stdout) : null;
}

export async function drive({ context, address, program, findings, rounds }) {
  const { page, widget } = await open(context, address, NAME, findings);
  findings.equal(await receipt(widget), native(program, ["-1", "3"], "0"), "the chapter's inputs");
  await records(widget, findings);
  await walk(page, widget, findings);
  await guess(widget, findings);
  await equalInputs(widget, findings);
  await bits(widget, program, findings, rounds);
  const again = await kept({ context, page, widget, address, findings, of: NAME, name: "x1", text: "0.125", first: "-1" });
  await otherwise({ context, address, name: NAME, findings });
  await phone({ context, address, findings });
  await again.page.close();
  await page.close();
}

/** The record holds the chapter's inputs in both conventions, and no others. */
async function records(widget, findings) {
  await widget.locator(".recorded").waitFor({ state: "attached" });
  findings.equal(await recorded(widget), "✓ equal to results/theory.json, std_dev.0", "the chapter's inputs and the record");
  await widget.locator('input[name="ddof"][value="1"]').check();
  findings.equal(await recorded(widget), "✓ equal to results/theory.json, std_dev.1", "the sample's deviation and the record");
  await type(widget, "x1", "-2");
  findings.equal(await recorded(widget), "", "what is said of inputs that no record holds");
  await press(widget, "Reset");
  await widget.locator(".recorded").waitFor({ state: "attached" });
}

/** Keyboard only: 26 steps forward, then one back. */
async function walk(page, widget, findings) {
  const known = () => widget.locator(".live .for-wide .gradient").evaluateAll((all) => all.filter((it) => /\d/.test(it.textContent)).length);
  findings.equal(await known(), 0, "gradients known before the first step");
  await widget.getByRole("button", { name: "Step forward" }).focus();
  for (let step = 1; step <= 26; step += 1) await page.keyboard.press("Enter");
  findings.equal(await widget.locator("output").textContent(), "26 of 26", "the step after 26 presses");
  findings.equal(await known(), 16, "gradients known at the end");
  await press(widget, "Step back");
  findings.expect((await widget.locator(".said").textContent()).includes("Back along x2 → s"), "a step back goes one edge back");
  await press(widget, "Start");
}

/** It is asked before the first step back, stays when it is known, and is judged at the end. */
async function guess(widget, findings) {
  const judged = () => widget.locator(".guessed").textContent();
  const one = widget.locator('input[name="guess"][value="1"]');
  findings.equal(await judged(), "", "what is said of no walk");
  await one.check();
  await press(widget, "All gradients");
  findings.expect((await judged()).startsWith("Your guess, 1, was not right: -0.5 + 0.5 = 0."), `the guess is judged: ${await judged()}`);
  findings.expect((await one.isDisabled()) && (await one.isChecked()), "the guess stands once the gradients are seen");
  await press(widget, "Start");
  await widget.locator('input[name="guess"][value="0"]').check();
  await press(widget, "All gradients");
  findings.expect((await judged()).startsWith("Your guess, 0, was right"), "another guess is judged right");
  await press(widget, "Start");
}

/** On a phone the graph of two inputs stands upright and whole; that of three is wide, and says that it moves. */
async function phone({ context, address, findings }) {
  const narrowContext = await context.browser().newContext({ viewport: { width: 360, height: 740 } });
  const { widget } = await open(narrowContext, address, NAME, findings);
  await press(widget, "All gradients");
  const [wide, narrow] = [".for-wide", ".for-narrow"].map((kind) => widget.locator(`.live ${kind}`));
  findings.expect((await narrow.isVisible()) && !(await wide.isVisible()), "on a phone the upright graph shows, and no other");
  findings.equal(await narrow.evaluate((it) => it.scrollWidth - it.clientWidth), 0, "pixels of the upright graph that are hidden");
  const texts = (of) => of.locator(".gradient").evaluateAll((all) => all.map((it) => it.textContent).sort().join());
  findings.equal(await texts(narrow), await texts(wide), "the gradients of the upright graph");
  await press(widget, "Add an input");
  findings.equal(await narrow.count(), 0, "upright graphs of three inputs");
  const says = () => widget.locator(".live .frame").evaluate((it) => getComputedStyle(it, "::before").content);
  await widget.locator(".live .frame[data-scrolls]").waitFor({ timeout: 5000 }).catch(() => {});
  findings.expect((await says()).includes("moves sideways"), `a graph of three inputs on a phone says ${await says()}`);
  await narrowContext.close();
}

async function equalInputs(widget, findings) {
  await type(widget, "x1", "3");
  await press(widget, "All gradients");
  findings.expect((await widget.locator(".said").textContent()).includes("all inputs equal 3"), "equal inputs have no gradient");
  findings.equal(await widget.locator(".receipt").count(), 0, "receipts without a gradient");
}

/** Random inputs: the page's bits are the command's. */
async function bits(widget, program, findings, rounds) {
  const draw = random(2026);
  let inputs = ["3", "3"];
  for (let round = 0; round < rounds; round += 1) {
    const n = 2 + Math.floor(5 * draw());
    const steps = [];
    for (; inputs.length < n; inputs.push("0")) steps.push(["press", "Add an input"]);
    for (; inputs.length > n; inputs.pop()) steps.push(["press", "Remove the last"]);
    const ddof = String(Math.floor(2 * draw()));
    steps.push(["choose", "ddof", ddof]);
    const scale = 10 ** Math.floor(20 * draw() - 10);
    inputs = inputs.map(() => String((draw() - 0.5) * scale));
    inputs.forEach((text, i) => steps.push(["type", `x${i + 1}`, text]));
    findings.equal(await enter(widget, steps, round), native(program, inputs, ddof), `${inputs} with divisor n - ${ddof}`);
  }
  const other = native(program, ["0", ...inputs.slice(1)], "0");
  findings.expect(other !== (await receipt(widget)), "control: other inputs have the same hash");
}
