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
  // Size, margins and page numbers are those of theme/paper.css, as when a reader prints.
  const pdf = await page.pdf({ preferCSSPageSize: true, outline: true, tagged: true, printBackground: true, path: file });
  console.log(`${file}: ${Math.round(pdf.length / 1024)} kB`);
} finally {
  await browser.close();
  server.close();
}
