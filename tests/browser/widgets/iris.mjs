// P1.1 and P2.1: a network that a reader trains, stops, rewinds and compares.
import { command, open, otherwise, press, recorded, type } from "./reader.mjs";

const NAME = "iris";
export const page = "p1-1.html";
const ACTIVATIONS = ["relu", "sigmoid", "tanh", "prelu", "identity"];

/** The hash of the weights that the command prints for some options. */
function native(program, options) {
  const { stdout, status } = command(program, ["iris", ...options]);
  return status === 0 ? stdout.match(/weights sha256 (\w+)/)[1] : null;
}

const choose = (widget, name, value) => widget.locator(`select[name="${name}"]`).selectOption(value);
const epoch = (widget) => widget.locator("tbody td").first().textContent();

/** Waits until the first run is at the epoch that the player shows. */
async function rest(page, widget) {
  await page.waitForFunction((of) => {
    const place = document.querySelector(`.widget[data-widget="${of}"]`);
    const shown = place.querySelector("output").textContent.split(" ")[0];
    return [...place.querySelectorAll("tbody tr:not(.difference)")].every((row) => row.cells[1].textContent === shown);
  }, NAME, { timeout: 60000 });
  return epoch(widget);
}

export async function drive({ context, address, program, findings }) {
  const { page, widget } = await open(context, address, NAME, findings);
  await question(page, widget, findings);
  await bits(page, widget, program, findings);
  await player(page, widget, findings);
  await own(widget, findings);
  await kept(context, page, widget, findings);
  const before = (there, of) => press(of, "To the end");
  await otherwise({ context, address, name: NAME, findings, before });
  await page.close();
}

async function question(page, widget, findings) {
  await widget.getByLabel("at most 10").check();
  findings.expect(!(await widget.locator(".said").textContent()).includes("Your guess"), "the guess is not judged before the run");
  await press(widget, "Epoch forward");
  await rest(page, widget);
  await press(widget, "To the end");
  await rest(page, widget);
  findings.expect((await widget.locator(".said").textContent()).includes("was right"), "the guess is judged after the run");
}

/** 300 epochs with every activation and by both implementations: the weights are the command's, bit for bit. */
async function bits(page, widget, program, findings) {
  const ends = async (options, what) => {
    await press(widget, "To the end");
    await rest(page, widget);
    findings.equal(await widget.locator(".hash").first().textContent(), native(program, options), what);
  };
  for (const activation of ACTIVATIONS) {
    await choose(widget, "activation", activation);
    await ends(["--activation", activation], `the weights of ${activation}`);
    const place = activation === "identity" ? "" : `✓ equal to results/iris.json, variants.framework-${activation}.registered`;
    findings.equal(await recorded(widget), place, `${activation} and the record`);
  }
  await press(widget, "The original's P2.1");
  await type(widget, "epochs", "300");
  const original = ["--loss", "half-squared-error-sum", "--learning-rate", "0.001"];
  await ends(["--network", "scratch", "--epochs", "300", ...original], "the weights of the network by hand");
  const other = native(program, ["--network", "scratch", "--epochs", "299", ...original]);
  findings.expect(other !== (await widget.locator(".hash").first().textContent()), "control: another run has the same hash");
}

async function player(page, widget, findings) {
  await press(widget, "P1.1 as registered");
  await choose(widget, "change", "hidden");
  await type(widget, "to", "5");
  findings.equal(await widget.locator("tbody tr").count(), 3, "rows: two runs and their difference");
  await press(widget, "Play");
  await page.waitForFunction((of) => Number(document.querySelector(`.widget[data-widget="${of}"] tbody td`).textContent) > 20, NAME);
  await press(widget, "Pause");
  const paused = await rest(page, widget);
  findings.expect(Number(paused) < 300, `paused at ${paused}`);
  const row = () => widget.locator("tbody tr").first().textContent();
  const seen = await row();
  await press(widget, "Epoch forward");
  await rest(page, widget);
  await press(widget, "Epoch back");
  await rest(page, widget);
  findings.equal(await row(), seen, "the numbers after an epoch forward and back");
  await widget.locator('input[name="epoch"]').focus();
  await page.keyboard.press("Home");
  findings.equal(await rest(page, widget), "0", "the epoch after Home on the slider");
}

async function own(widget, findings) {
  await widget.locator("summary", { hasText: "Flowers of your own" }).click();
  const table = widget.locator('textarea[name="own"]');
  await table.fill("sepal_length,sepal_width,petal_length,petal_width,species\n1,2,3,4,rose");
  findings.expect((await widget.locator(".refused").first().textContent()).includes("row 1"), "an unknown species is refused with its row");
  await table.fill("");
  findings.equal(await widget.locator(".refused").count(), 0, "refusals after the table was emptied");
}

async function kept(context, page, widget, findings) {
  await choose(widget, "activation", "tanh");
  await type(widget, "epochs", "30");
  await press(widget, "To the end");
  await rest(page, widget);
  await page.waitForURL(/iris\.epoch=30/);
  const stranger = await context.browser().newContext();
  const shared = await open(stranger, page.url(), NAME, findings);
  await rest(shared.page, shared.widget);
  const numbers = (widget) => widget.locator("tbody").textContent();
  findings.equal(await numbers(shared.widget), await numbers(widget), "the numbers at the address, in another browser");
  await stranger.close();
}
