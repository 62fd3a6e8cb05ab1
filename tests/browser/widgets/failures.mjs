// When the program of the widgets fails, the page shows what it shows without it, and says so.
import { gzipSync } from "node:zlib";
import { open } from "./reader.mjs";

/** A WebAssembly program whose one function, `f`, stops at once. */
const TRAP = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
];
const NO_PROGRAM = gzipSync("no program").toString("base64");

/** The script of the program with another text in its place. */
const withProgram = (packed) => (script) => script.replace(/wasm: "[^"]*"/, `wasm: "${packed}"`);
/** The script of the program, in which one method of a widget, or of another type, stops as a program does that fails. */
const trapIn = (method, of = "Instance") => (script) => `${script}
{
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(${JSON.stringify(TRAP)}))).exports;
  workedGradients.glue.${of}.prototype.${method} = () => f();
}`;

const FAILED = "The computation failed.";
/**
 * What fails, how, what the page then says, and what the reader has to do first. What fails before there is
 * a widget fails in the same way for each, so it is driven with one.
 */
const FAILURES = [
  { what: "a program that is none", change: withProgram(NO_PROGRAM), says: FAILED, once: true },
  { what: "a program that cannot be unpacked", change: withProgram("AAAA"), says: FAILED, once: true },
  { what: "a script that is cut", change: (script) => script.slice(0, script.length / 2), says: FAILED, once: true },
  { what: "a trap in the first view", change: trapIn("view"), says: FAILED },
  { what: "a trap in a step", change: trapIn("tick"), says: FAILED },
  { what: "a trap at what the reader does", change: trapIn("receive"), says: FAILED, acts: say },
  { what: "a trap when the state is kept", change: trapIn("state"), says: FAILED, acts: say },
  { what: "a trap when a state is handed in", change: trapIn("add", "HandInDraft"), says: FAILED, acts: sayAndUnfold, once: true },
  { what: "a trap when the hand-in is shown", change: trapIn("view", "HandInDraft"), says: FAILED, acts: unfold, once: true },
  { what: "no WebAssembly", lacks: "WebAssembly", says: "This browser has no WebAssembly, so nothing is computed here.", once: true },
  { what: "nothing to unpack with", lacks: "DecompressionStream", says: "This browser has no DecompressionStream,", once: true },
];

/** The page with a failure: its widget's place, the errors of its scripts, and what its console says. */
async function failing(browser, address, name, { change, lacks }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  if (change) {
    await context.route("**/widgets/compute.js", async (route) => {
      await route.fulfill({ contentType: "text/javascript", body: change(await (await route.fetch()).text()) });
    });
  }
  if (lacks) await context.addInitScript((it) => delete globalThis[it], lacks);
  const page = await context.newPage();
  const [errors, console_] = [[], []];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && console_.push(message.text()));
  await page.goto(address);
  const place = page.locator(`.widget[data-widget="${name}"]`);
  await place.scrollIntoViewIfNeeded();
  return { context, page, place, errors, console_ };
}

/** Says something to the first control. */
async function say(place) {
  await place.locator(".live").waitFor();
  await place.evaluate((it) => {
    it.querySelector(".live :is(input, select)[name]:not([data-image])").dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Unfolds the panel of what is handed in. */
function unfold(place) {
  return place.locator(".hand-in > summary").click();
}

async function sayAndUnfold(place) {
  await say(place);
  await place.page().waitForURL((url) => url.search !== "");
  await unfold(place);
}

/** Waits for what is said of a failure; whether it came is judged by who waits. */
const failed = (place) => place.locator(".failed").waitFor({ timeout: 10000 }).catch(() => {});

export async function failures(browser, address, name, findings, isFirst) {
  const expect = (holds, what) => findings.expect(holds, `${name}: ${what}`);
  for (const failure of FAILURES.filter(({ once }) => isFirst || !once)) {
    const { context, page, place, errors, console_ } = await failing(browser, address, name, failure);
    await failure.acts?.(place);
    await failed(place);
    await page.waitForTimeout(400); // more failures would come by now
    const said = await place.locator(".failed").allTextContents();
    expect(said.length === 1 && said[0].startsWith(failure.says), `${failure.what}: it says ${JSON.stringify(said)}`);
    expect(await place.locator(".still").isVisible(), `${failure.what}: the still figure is hidden`);
    expect((await place.locator(".live, .foot, .hand-in").count()) === 0, `${failure.what}: the failed widget is still there`);
    expect(new URL(page.url()).search === "", `${failure.what}: its state is kept: ${page.url()}`);
    // A script that is cut is no script, which the browser says itself.
    const own = failure.what === "a script that is cut" ? [] : errors;
    expect(own.length === 0, `${failure.what}: errors that nobody caught: ${own.join("; ")}`);
    expect(console_.length === (failure.lacks ? 0 : 1), `${failure.what}: on the console: ${console_.join("; ")}`);
    await context.unrouteAll({ behavior: "wait" });
    await context.close();
  }
  await ordinary(browser, address, name, findings);
}

/** Control: without a failure, and after a reload that follows one, it computes and says nothing. */
async function ordinary(browser, address, name, findings) {
  const { context, page, place } = await failing(browser, address, name, { change: trapIn("receive") });
  await say(place);
  await failed(place);
  await context.unrouteAll({ behavior: "wait" });
  await page.close();
  const again = await open(context, address, name, findings);
  await say(again.widget);
  await unfold(again.widget);
  await again.page.waitForTimeout(400);
  findings.equal(await again.widget.locator(".failed").count(), 0, `${name}: sentences about a failure where nothing failed`);
  findings.expect(!(await again.widget.locator(".still").isVisible()), `${name}: the still figure beside the widget`);
  await context.close();
}
