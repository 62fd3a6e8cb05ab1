// node check.mjs FOLDER: exits with 1 and a line for each fault of the pages in FOLDER.
import { resolve } from "node:path";
import { faults } from "./faults.mjs";

const { pages, found } = await faults(resolve(process.argv[2] ?? "../../book/book"));
found.forEach((fault) => console.error(fault));
console.log(`${pages} pages in light and dark, narrow and wide: ${found.length} faults`);
process.exit(found.length === 0 && pages > 0 ? 0 : 1);
