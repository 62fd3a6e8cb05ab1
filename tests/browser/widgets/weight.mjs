// What a reader loads for the widgets besides their data, compressed.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT = 300_000;

/** Bytes of a script: what it carries is compressed already, and only written as base64. */
function bytes(script) {
  let carried = 0;
  const rest = script.replace(/"([A-Za-z0-9+/=]{10000,})"/g, (_, text) => {
    carried += Buffer.from(text, "base64").length;
    return "";
  });
  return carried + gzipSync(rest, { level: 9 }).length;
}

/** The program of the widgets, and the scripts of the theme. */
export async function weight(book, findings) {
  const theme = (await readdir(join(book, "theme"))).filter((name) => name.endsWith(".js")).map((name) => join("theme", name));
  const scripts = await Promise.all(["widgets/compute.js", ...theme].map((name) => readFile(join(book, name), "utf8")));
  const total = scripts.map(bytes).reduce((sum, each) => sum + each, 0);
  console.log(`the widgets' scripts: ${total} bytes compressed, ${LIMIT} at most`);
  findings.expect(total <= LIMIT, `the widgets' scripts have ${total} bytes compressed`);
  const carrying = `"${Buffer.alloc(9000, "x").toString("base64")}"`;
  findings.equal(bytes(carrying) - bytes(""), 9000, "control: what a script carries counts in full");
}
