// mdBook turns the page at an arrow key: a control that has the focus must keep its keys.
import { open } from "./reader.mjs";

const CONTROLS = "main :is(summary, button, input, select, textarea, [tabindex])";

/** Focuses each control of the page, presses both arrows, and expects the same page; control: a button that nobody guards. */
export async function keys(context, address, name, findings) {
  const { page } = await open(context, address, name, findings);
  await page.locator("main details").evaluateAll((all) => all.forEach((it) => (it.open = true)));
  const here = () => new URL(page.url()).pathname;
  const there = here();
  const count = await page.locator(CONTROLS).count();
  for (let i = 0; i < count; i += 1) {
    const control = page.locator(CONTROLS).nth(i);
    if (!(await control.isVisible())) continue;
    await control.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    findings.equal(here(), there, `${name}: the page after arrow keys at ${(await control.evaluate((it) => it.outerHTML)).slice(0, 80)}`);
  }
  findings.expect(count > 5, `${name}: only ${count} controls`);
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("button"), { id: "unguarded" })));
  await page.locator("#unguarded").focus();
  await Promise.all([page.waitForURL((url) => url.pathname !== there, { timeout: 5000 }), page.keyboard.press("ArrowRight")]).catch(() => {});
  findings.expect(here() !== there, `${name}: control: an unguarded button does not turn the page`);
  await page.close();
}
