// Child process, the yardstick of `svcgen render FILE > OUTPUT`: reads JSON and writes a text of the same length.
// usage: node parse-and-write.mjs FILE LENGTH > OUTPUT

import { readFileSync, writeSync } from 'node:fs';

const [file, length] = process.argv.slice(2);
JSON.parse(readFileSync(file, 'utf8'));
const piece = Buffer.alloc(1024 * 1024, 'x');
for (let left = Number(length); left > 0; left -= piece.length)
  writeSync(1, piece, 0, Math.min(left, piece.length));
