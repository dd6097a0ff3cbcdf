#!/usr/bin/env node
// CommonJS (see package.json beside it) and compiled ahead of time: it starts in half the time that way.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** As for wrong usage: nothing has been read or judged. */
const NOT_BUILT = 2;

const dist = join(__dirname, '../dist');
const source = readScript();
if (source === undefined) {
  process.stderr.write(
    'svcgen: dist/cli.js is missing: this copy has not been built\n' +
      'run "npm run build" in its folder; "npm ci" does that too, unless it is told --ignore-scripts\n',
  );
  process.exitCode = NOT_BUILT;
} else {
  const script = new Script(source, { filename: join(dist, 'cli.js'), cachedData: codeCache() });
  script.runInThisContext()(require).main();
}

/** undefined: there is none. */
function readScript() {
  try {
    return readFileSync(join(dist, 'cli.js'), 'latin1');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What V8 made of the script when it was built, if that was with this very Node.js. */
function codeCache() {
  try {
    return readFileSync(join(dist, `cli-${process.version}-${process.arch}.cache`));
  } catch {
    return undefined;
  }
}
