// node reading/main.mjs BOOK: what a reader does with the pages besides the widgets: opens numbers, looks for words.
import { resolve } from "node:path";
import { launch, serve } from "../browser.mjs";
import { Findings } from "../widgets/reader.mjs";
import { cards } from "./cards.mjs";
import { words } from "./words.mjs";

const book = resolve(process.argv[2] ?? "../../book/book");
const server = await serve(book);
const browser = await launch();
const findings = new Findings();
try {
  await words(browser, server.origin, findings);
  await cards(browser, server.origin, book, findings);
} finally {
  await browser.close();
  server.close();
}
findings.faults.forEach((fault) => console.error(fault));
console.log(`reading: ${findings.checks} checks, ${findings.faults.length} faults`);
process.exit(findings.faults.length === 0 ? 0 : 1);
