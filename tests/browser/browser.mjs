// Browsers, and a server for a folder of files: what the checks and the PDF share.
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { createRequire } from "node:module";
import { chromium, firefox } from "playwright-core";

const TYPES = {
  ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml",
  ".png": "image/png", ".woff2": "font/woff2", ".txt": "text/plain", ".wasm": "application/wasm",
};

/** Serves `folder` on a free port of this machine. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    try {
      const body = await readFile(join(folder, path.endsWith("/") ? `${path}index.html` : path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/html" }).end(body);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found");
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe-core finds in a page as it stands: a line for each rule that is broken, with the first place. */
export async function inaccessible(page) {
  // What the page does when it is laid out comes a frame later.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.addScriptTag({ path: AXE });
  // The other results would cost half of the time, and are not read.
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0].html.slice(0, 90)} (${nodes.length} places)`);
}

const BROWSERS = {
  chromium: {
    places: [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    remedy: "there is no Chromium: install it (Debian: apt-get install chromium), or name it in CHROMIUM",
    // The sandbox needs rights that a container's root does not have; the rest keeps Chromium itself off the network.
    launch: (executablePath) => chromium.launch({
      executablePath,
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
      ],
    }),
  },
  firefox: {
    places: [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"],
    remedy: "there is no Firefox: install it (Debian: apt-get install firefox-esr), or name it in FIREFOX",
    // As distributions build it, by the protocol WebDriver BiDi.
    launch: (executablePath) => firefox.launch({ channel: "moz-firefox", executablePath }),
  },
};

/** A browser of this machine: Chromium from $CHROMIUM, Firefox from $FIREFOX, or from where distributions put them. */
export async function launch(name = "chromium") {
  const { places, remedy, launch } = BROWSERS[name];
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) throw new Error(remedy);
  return launch(executablePath);
}
