// The entry of the single executable: as bin/svcgen.js, but scripts and their compiled code are inside it.
const { getAsset, getRawAsset } = require('node:sea');
const { Script } = require('node:vm');

const [first, second] = process.argv.slice(2);
const command = first === 'help' ? second : first;
const name = ['cli', command].join('/');
const path = hasAsset(`${name}.js`) ? name : 'cli/program';
const script = new Script(getAsset(`${path}.js`, 'latin1'), {
  filename: `${path}.js`,
  cachedData: Buffer.from(getRawAsset(`${path}.cache`)),
});
script.runInThisContext()(require).main();

function hasAsset(key) {
  try {
    return getRawAsset(key) !== undefined;
  } catch {
    return false;
  }
}
