// usage: node scripts/fuzz-yaml.mjs [TEXTS] [SEED]
// Compares the fast reader of YAML with the general parser on so many texts (100,000 take about a minute). Several of
// it with different seeds use several cores. The tests do the same with a few thousand texts.
import { importTypeScript } from './import-typescript.mjs';

const BATCH = 10_000;
const [texts = 100_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
const { fuzzReaders } = await importTypeScript('test/support/fuzz-readers.ts');

let accepted = 0;
try {
  for (let done = 0; done < texts; done += BATCH)
    accepted += fuzzReaders(Math.min(BATCH, texts - done), seed + done);
  console.log(`seed ${seed}: ${texts} texts, ${accepted} of them read by the fast reader, all alike`);
} catch ({ message }) {
  console.error(message);
  process.exitCode = 1;
}
