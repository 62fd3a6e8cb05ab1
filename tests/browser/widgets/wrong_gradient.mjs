// P2.1: the wrong line that a reader finds.
import { command, open, press, receipt, sha256 } from "./reader.mjs";

const NAME = "wrong_gradient";
export const page = "p2-1.html";

/** So many faults are there, each of another seed. */
const FAULTS = 27;

const said = (widget) => widget.locator(".said").textContent();
const verdicts = (widget) => widget.locator(".verdict").allTextContents();
/** Chooses by the text of the formula. */
const choose = (widget, line, formula) => widget.locator(`select[name="line${line}"]`).selectOption({ label: formula });

export async function drive({ context, address, program, findings, rounds }) {
  const { page, widget } = await open(context, address, NAME, findings);
  await predicted(page, widget, findings);
  await mended(widget, findings);
  await trained(widget, findings);
  await bits(widget, program, findings, Math.min(rounds, FAULTS));
  await kept(context, page, widget, address, findings);
  await page.close();
}

/** Keyboard only: a box is ticked, and the check is made. The first fault is `a dz2`. */
async function predicted(page, widget, findings) {
  findings.equal((await verdicts(widget)).length, 0, "verdicts before the first check");
  await widget.locator('input[name="dW2"]').focus();
  await page.keyboard.press("Space");
  await widget.getByRole("button", { name: "Check the gradients" }).focus();
  await page.keyboard.press("Enter");
  findings.equal((await verdicts(widget)).join(), "✓ passes,✓ passes,✗ refused,✓ passes", "verdicts of the first fault");
  findings.expect((await said(widget)).includes("Your prediction, dW2, was right."), "the prediction is judged");
  findings.expect(await widget.locator('input[name="db1"]').isDisabled(), "a prediction stands after the check");
}

async function mended(widget, findings) {
  await choose(widget, 2, "z1ᵀ dz2");
  findings.equal((await verdicts(widget)).length, 0, "verdicts of lines that were not checked");
  await press(widget, "Check the gradients");
  findings.expect((await said(widget)).includes("Attempt 2: dW2 is refused."), "another wrong formula is refused");
  await choose(widget, 2, "aᵀ dz2");
  await press(widget, "Check the gradients");
  findings.equal((await verdicts(widget)).join(), "✓ passes,✓ passes,✓ passes,✓ passes", "verdicts of the right lines");
  const sentence = await said(widget);
  findings.expect(sentence.includes("Mended at attempt 3") && sentence.includes("Every bit"), `mended: ${sentence}`);
}

/** The right lines train as the crate does, so both columns are equal. */
async function trained(widget, findings) {
  await press(widget, "Train 50 epochs on iris with these lines");
  const rows = await widget.locator("table").last().locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  findings.equal(rows.length, 5, "rows of the training");
  findings.expect(rows.every(([, these, right]) => these === right && these.endsWith("/120")), `training of the right lines: ${rows}`);
}

/** Fault after fault: what is checked in the page has the command's bits. */
async function bits(widget, program, findings, rounds) {
  const native = (args) => sha256(command(program, ["backward", ...args, "--json"]).stdout);
  const hashes = new Set();
  await press(widget, "Reset");
  for (let seed = 0; seed < rounds; seed += 1) {
    await press(widget, "Check the gradients");
    const shown = await receipt(widget);
    const given = (await widget.locator(".receipt pre").textContent()).match(/--seed \d+ --lines \d+/)[0].split(" ");
    findings.equal(shown, native(given), `fault ${seed}: the receipt, and ${given.join(" ")}`);
    findings.equal(shown, native(["--seed", String(seed)]), `fault ${seed} as the command plants it`);
    hashes.add(shown);
    if (seed + 1 < rounds) await press(widget, "Another fault");
  }
  findings.equal(hashes.size, rounds, "control: different hashes of different faults");
  await press(widget, "Reset");
  await press(widget, "Check the gradients");
  await choose(widget, 2, "aᵀ dz2");
  findings.equal(await widget.locator(".receipt").count(), 0, "receipts of lines that were not checked");
  await press(widget, "Check the gradients");
  await press(widget, "Train 50 epochs on iris with these lines");
}

/** Another page view opens the same state, another fault begins anew, and Reset returns to the first. */
async function kept(context, page, widget, address, findings) {
  const live = (of) => of.locator(".live").innerHTML();
  await page.waitForURL(/wrong_gradient\.trained=/);
  const again = await open(context, page.url(), NAME, findings);
  findings.equal(await live(again.widget), await live(widget), "the state in the address");
  await again.page.close();
  const first = await widget.locator(".lines").innerHTML();
  await press(widget, "Another fault");
  findings.expect((await widget.locator(".lines").innerHTML()) !== first, "another fault has other lines");
  findings.expect((await said(widget)).startsWith("Nothing was checked yet"), "another fault begins anew");
  await press(widget, "Reset");
  findings.equal(new URL(page.url()).search, "", "the address after Reset");
  const fresh = await open(context, address, NAME, findings);
  findings.equal(await live(fresh.widget), await live(widget), "a page that was reset");
  await fresh.page.close();
}
