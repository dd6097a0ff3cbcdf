// Compiles fixtures/invalid/ into src/cli/describe-code/generated/examples.js: for each code, input that has it and
// input that nearly does. Run by scripts/build.mjs, or on its own.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const root = new URL('../', import.meta.url);

/** Lines that differ in numbers only are shown twice where there are more of them than this. */
const MAX_ALIKE = 10;
const MAX_LINE = 240;
const SHOWN_OF_LONG_LINE = 60;

/**
 * What readers of `svcgen validate --explain` and docs/rules.md see of each fixture.
 *
 * @returns {Record<string, { failing: string, passing: string }>} by code
 */
function readExamples() {
  const folder = new URL('fixtures/invalid/', root);
  const examples = readdirSync(folder).map((code) => {
    const read = (name) => readExample(new URL(`${code}/`, folder), name);
    return [code, { failing: read('input'), passing: read('near-miss') }];
  });
  return Object.fromEntries(examples);
}

/** A first line that says what the fixture shows is left out; one that says which command reads it stays. */
function readExample(folder, name) {
  const file = readdirSync(folder).find((each) => each.startsWith(`${name}.`));
  if (file === undefined) throw new Error(`${folder.pathname} has no ${name}`);
  const lines = readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n');
  return abridge(/^# .*\bsvcgen /.test(lines[0] ?? '') ? lines : lines.slice(1)).join('\n');
}

/** Some fixtures are about size: of what repeats, the beginning is enough. */
function abridge(lines) {
  const shape = (line) => line?.replace(/\d+/g, '0');
  const abridged = [];
  for (let index = 0; index < lines.length; ) {
    let end = index + 1;
    while (end < lines.length && shape(lines[end]) === shape(lines[index])) end++;
    const alike = end - index;
    const kept = alike > MAX_ALIKE ? lines.slice(index, index + 2) : lines.slice(index, end);
    abridged.push(...kept.map(cut));
    if (kept.length < alike) abridged.push(`${abridged.pop()} # and so on, ${alike} such lines`);
    index = end;
  }
  return abridged;
}

function cut(line) {
  if (line.length <= MAX_LINE) return line;
  return `${line.slice(0, SHOWN_OF_LONG_LINE)} # and so on, ${line.length} characters`;
}

/** @returns {string} the text of examples.js */
export function compileExamples() {
  return `// Made by scripts/compile-examples.mjs.\nexport const examples = ${JSON.stringify(readExamples(), null, 2)};\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(new URL('src/cli/describe-code/generated/examples.js', root), compileExamples());
}
