#!/usr/bin/env node
// Loads the script of one command, compiled ahead of time: what starts is that command and nothing else. It is CommonJS
// (see package.json beside it), which starts sooner than a module, and what V8 has compiled is kept beside the script.
// With both, `svcgen --version` takes 1.06 x the time of `node -e 0` (1.23 x with one script for all commands), and
// what a command needs first is not compiled again at each start.
const fs = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** As for wrong usage: nothing has been read or judged. */
const NOT_BUILT = 2;
/** A script begins with a comment that holds the digest of its text. */
const DIGEST = /^\/\*([0-9a-f]{16})\*\//;
/** May others than the owner write to it? */
const WRITABLE_BY_OTHERS = 0o022;
/**
 * In a larger heap V8 has collected garbage, with it code that had not run for a while, and compiled what small inputs never
 * need: what is kept then makes `svcgen validate` of a small input take 10 % longer than what a small run leaves (Node.js 22, 24).
 */
const LARGE_HEAP_BYTES = 32 * 1024 * 1024;
/** Of a file that such a run has left: the next run that is small replaces it. */
const OF_LARGE_RUN = new Date(0);

const folder = join(__dirname, '../dist/cli');
const [first, second] = process.argv.slice(2);
const command = first === 'help' ? second : first;
const name = /^[a-z]+$/.test(command) && fs.existsSync(join(folder, `${command}.js`)) ? command : 'program';
run(join(folder, `${name}.js`));

function run(path) {
  const source = readScript(path);
  if (source === undefined) {
    process.stderr.write(
      `svcgen: dist/cli/${name}.js is missing: this copy has not been built\n` +
        'run "npm run build" in its folder; "npm ci" does that too, unless it is told --ignore-scripts\n',
    );
    process.exitCode = NOT_BUILT;
    return;
  }
  // V8 compares no more than the lengths of scripts, so the digest says which script a cache belongs to.
  const cachePath = `${path.slice(0, -3)}-${DIGEST.exec(source)[1]}-${process.version}-${process.arch}.cache`;
  const { cachedData, isOfLargeRun } = readCache(cachePath, path);
  const script = new Script(source, { filename: path, cachedData });
  const isMissing = cachedData === undefined || script.cachedDataRejected;
  if (isMissing || isOfLargeRun) {
    process.once('exit', (code) => keepCache(script, cachePath, { path, code, isMissing }));
  }
  script.runInThisContext()(require).main();
}

/** undefined: there is none. */
function readScript(path) {
  try {
    return fs.readFileSync(path, 'latin1');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * What V8 made of the script, if that was with this very Node.js. It is run like the script, so it counts only if it is as
 * safe: written by root or by the owner of the script, and by nobody else.
 */
function readCache(cachePath, path) {
  let file;
  try {
    file = fs.openSync(cachePath, 'r');
    const { uid, mode, mtimeMs } = fs.fstatSync(file);
    const isSafe = process.platform === 'win32' || (isOwner(uid, path) && (mode & WRITABLE_BY_OTHERS) === 0);
    return isSafe
      ? { cachedData: fs.readFileSync(file), isOfLargeRun: mtimeMs === OF_LARGE_RUN.getTime() }
      : {};
  } catch {
    return {};
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

function isOwner(uid, path) {
  return uid === 0 || uid === fs.statSync(path).uid;
}

/**
 * Keeps what V8 has compiled for the next run under this Node.js, as Python does with its modules: beside the script, if
 * it is root or the owner of the script who runs it. Help and wrong usage run too little of a command to be worth keeping,
 * and with options of its own V8 compiles what others cannot use.
 */
function keepCache(script, cachePath, { path, code, isMissing }) {
  const isHelp = process.argv.some((word) => /^(?:-h|--help|help)$/.test(word));
  const isWhole = name === 'program' || (code < NOT_BUILT && !isHelp);
  const isPlain = process.execArgv.length === 0 && (process.env.NODE_OPTIONS ?? '') === '';
  const isLarge = process.memoryUsage().heapTotal > LARGE_HEAP_BYTES;
  if (!isWhole || !isPlain || (isLarge && !isMissing)) return;
  try {
    if (process.platform === 'win32' || isOwner(process.getuid(), path))
      replaceFile(cachePath, { bytes: script.createCachedData(), time: isLarge ? OF_LARGE_RUN : undefined });
  } catch {
    // A folder that cannot be written to, or a full disk: the next run starts as slowly as this one.
  }
}

/** @param time when it was changed; undefined: now */
function replaceFile(path, { bytes, time }) {
  const unfinished = `${path}.${process.pid}`;
  fs.writeFileSync(unfinished, bytes, { flag: 'wx', mode: 0o644 });
  try {
    if (time !== undefined) fs.utimesSync(unfinished, time, time);
    fs.renameSync(unfinished, path);
  } catch (error) {
    fs.rmSync(unfinished);
    throw error;
  }
}
