// `npm run page [FILE]`: the page of `svcgen view`, empty, for any static host.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
mkdirSync(join(root, 'dist'), { recursive: true });
await buildPage(root);
const [file] = process.argv.slice(2);
try {
  if (file !== undefined) copyFileSync(join(root, 'dist/page.html'), file);
} catch (error) {
  process.stderr.write(`cannot write ${JSON.stringify(file)}: ${error.message}\n`);
  process.exit(1);
}
process.stdout.write(`${file ?? 'dist/page.html'}: one file, all in it\n`);
