// node pdf.mjs FOLDER FILE: prints the whole report, which mdBook puts on its page for printing, to one PDF with an outline.
import { resolve } from "node:path";
import { launch, serve } from "./browser.mjs";

const [folder, file] = [process.argv[2] ?? "../../book/book", process.argv[3] ?? "../../book/worked-gradients.pdf"].map((path) => resolve(path));
const server = await serve(folder);
const browser = await launch();
try {
  const page = await browser.newPage();
  // The page for printing opens the dialogue by itself, which a headless browser waits for.
  await page.addInitScript(() => {
    window.print = () => {};
    localStorage.setItem("mdbook-theme", "light");
  });
  await page.goto(`${server.origin}/print.html`, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready);
  const margin = { top: "18mm", bottom: "18mm", left: "16mm", right: "16mm" };
  const footerTemplate = `<div style="font-size: 8px; width: 100%; text-align: center"><span class="pageNumber"></span></div>`;
  const options = { format: "A4", outline: true, tagged: true, printBackground: true, displayHeaderFooter: true };
  const pdf = await page.pdf({ ...options, headerTemplate: "<span></span>", footerTemplate, margin, path: file });
  console.log(`${file}: ${Math.round(pdf.length / 1024)} kB`);
} finally {
  await browser.close();
  server.close();
}
