// Who looks for a word of the field finds the page that is about it first.
import { Findings } from "../widgets/reader.mjs";

const WORDS = {
  backpropagation: "p2-1.html", "one-hot": "t1.html", σ: "t2.html", overfitting: "p2-2.html", "cross-entropy": "t1.html",
  "computation graph": "t2.html", "vanishing gradient": "p2-2.html", convolution: "p1-2.html", activations: "p1-1.html",
  autograder: "grading.html", "central differences": "gradients.html",
};

/** The pages that are found, the best first. */
async function found(page, word) {
  await page.locator("#mdbook-searchbar").fill(word);
  await page.locator("#mdbook-searchbar").press("Shift");
  await page.locator("#mdbook-searchresults-header", { hasText: `'${word}'` }).waitFor({ timeout: 5000 }).catch(() => {});
  const links = await page.locator("#mdbook-searchresults li > a").evaluateAll((all) => all.map((it) => new URL(it.href).pathname.slice(1)));
  return links.slice(0, 3);
}

async function look(browser, origin, findings, without) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  if (without) await context.route(without, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const page = await context.newPage();
  await page.goto(`${origin}/notation.html`);
  await page.locator("#mdbook-search-toggle").click();
  for (const [word, expected] of Object.entries(WORDS)) {
    const pages = await found(page, word);
    findings.expect(pages[0] === expected, `search: ${word} leads to ${pages.join(", ") || "nothing"}, expected ${expected} first`);
  }
  await context.close();
}

export async function words(browser, origin, findings) {
  await look(browser, origin, findings);
  const control = new Findings();
  await look(browser, origin, control, "**/theme/search*.js");
  findings.equal(control.faults.map((fault) => fault.split(" ")[1]).join(), "σ", "control: words that are not found without the names of letters");
}
