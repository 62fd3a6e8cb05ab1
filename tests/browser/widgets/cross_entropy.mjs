// T1: the batch that a reader edits.
import { command, enter, kept, open, otherwise, press, random, receipt, recorded, sha256, type } from "./reader.mjs";

const NAME = "cross_entropy";
const QUESTION = [[0.65, 0.43, 0.11], [0.05, 0.51, 0.18], [0.33, 0.21, 0.72]];
const READINGS = ["probabilities", "normalised", "logits"];

/** The command's receipt for a batch as typed. */
function native(program, rows, labels, reading) {
  const args = ["--outputs", rows.map((row) => row.join(",")).join(";"), "--labels", labels.join(","), "--reading", reading];
  const { stdout, status } = command(program, ["theory", "cross-entropy", ...args, "--json"]);
  return status === 0 ? sha256(stdout) : null;
}

const read = (widget, reading) => widget.locator(`input[name="reading"][value="${reading}"]`).check();
const said = (widget) => widget.locator(".said").textContent();

export async function drive({ context, address, program, findings, rounds }) {
  const { page, widget } = await open(context, address, NAME, findings);
  await guess(page, widget, findings);
  await spoil(widget, findings);
  for (const reading of READINGS) {
    await read(widget, reading);
    findings.equal(await receipt(widget), native(program, QUESTION, [1, 2, 3], reading), `the question's batch as ${reading}`);
    findings.equal(await recorded(widget), `✓ equal to results/theory.json, cross_entropy.${reading}`, `${reading} and the record`);
  }
  await bits(widget, program, findings, rounds);
  await refused(widget, findings);
  const again = await kept({ context, page, widget, address, findings, of: NAME, name: "y1-1", text: "0.125", first: "0.65" });
  findings.equal(await again.widget.locator(".hidden-loss").count(), 9, "losses hidden after Reset");
  await otherwise({ context, address, name: NAME, findings });
  await again.page.close();
  await page.close();
}

/** The losses are hidden until the reader has answered, by the keyboard. */
async function guess(page, widget, findings) {
  const hidden = () => widget.locator(".hidden-loss").count();
  findings.equal(await hidden(), 9, "losses hidden before the guess");
  await widget.locator('input[name="guess"][value="1"]').focus();
  await page.keyboard.press("ArrowRight");
  findings.equal(await hidden(), 0, "losses hidden after the guess");
  findings.expect((await said(widget)).startsWith("Right. Read as probabilities, sample 2"), "sample 2 costs most");
  await read(widget, "logits");
  findings.expect((await said(widget)).startsWith("Not sample 2. Read as logits, sample 1"), "as logits sample 1 costs most");
  await read(widget, "probabilities");
}

/** All lines are equal, but for a spoilt one. */
async function spoil(widget, findings) {
  const values = () => widget.locator(".lines .value").allTextContents();
  findings.equal(new Set(await values()).size, 1, "different values of the lines");
  await widget.locator('input[name="spoil"]').check();
  findings.equal(new Set(await values()).size, 2, "different values with a spoilt line");
  findings.expect((await widget.locator(".refused").textContent()).includes("step 3 is wrong"), "the spoilt line is refused");
  await widget.locator('input[name="spoil"]').uncheck();
}

/** Random batches: the page's bits are the command's. */
async function bits(widget, program, findings, rounds) {
  const draw = random(1013);
  const below = (most) => Math.floor(most * draw());
  let [samples, classes] = [3, 3];
  let last;
  for (let round = 0; round < rounds; round += 1) {
    const [toSamples, toClasses] = [1 + below(6), 2 + below(5)];
    const steps = [];
    for (; samples < toSamples; samples += 1) steps.push(["press", "Add a sample"]);
    for (; samples > toSamples; samples -= 1) steps.push(["press", "Remove the last sample"]);
    for (; classes < toClasses; classes += 1) steps.push(["press", "Add a class"]);
    for (; classes > toClasses; classes -= 1) steps.push(["press", "Remove the last class"]);
    const reading = READINGS[below(3)];
    const number = reading === "logits" ? () => 20 * draw() - 10 : () => draw() || 0.5;
    const rows = Array.from({ length: samples }, () => Array.from({ length: classes }, () => String(number())));
    const labels = rows.map(() => String(1 + below(classes)));
    steps.push(["choose", "reading", reading]);
    rows.forEach((row, b) => {
      row.forEach((text, k) => steps.push(["type", `y${b + 1}-${k + 1}`, text]));
      steps.push(["select", `label${b + 1}`, labels[b]]);
    });
    const expected = native(program, rows, labels, reading);
    findings.expect(expected !== null, `the command refuses ${rows.join(";")} as ${reading}`);
    findings.equal(await enter(widget, steps, round), expected, `${rows.join(";")} labelled ${labels} as ${reading}`);
    findings.expect(expected !== last, "control: another batch has the same hash");
    last = expected;
  }
}

/** What a reading refuses has its words, and no receipt. */
async function refused(widget, findings) {
  await press(widget, "Reset");
  await type(widget, "y1-1", "1.5");
  findings.expect((await widget.locator(".readings .refused").textContent()).includes("the probability 1.5 is above 1"), "1.5 is refused");
  findings.equal(await widget.locator(".receipt").count(), 0, "receipts of what is refused");
  await type(widget, "y1-1", "many");
  findings.expect((await widget.locator(".refused").textContent()).includes('"many", which is no number'), "a word is refused");
}
