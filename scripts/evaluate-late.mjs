// Makes the scripts of commands evaluate some modules when a function of theirs is first called, and not when they start.
// Processor time of commands on a small input, Node.js 20: 10 % less for `--version` and `completion`, 8 % for `explain`, 6 % for
// `render`, 3 to 5 % for others (minima of 21 runs in turn).
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/** What most runs need nothing of, with all that it imports and nobody else does. It exports functions, and nothing else. */
const LATE = [
  // The explanations of all rules, and the general parser of YAML.
  'src/cli/describe-code/code-records.ts',
  'src/parse/yaml/read-general-yaml.ts',
  // What a node has printed, and changes of it.
  'src/modes/dump/read/read-node-dump.ts',
  'src/modes/dump/tell/version-told.ts',
  'src/modes/ipvs-drift.ts',
  'src/modes/nftables-drift.ts',
  'src/lang/iptables/print/print-changes.ts',
  'src/lang/ipvs/read/read-saved-ipvs.ts',
  'src/lang/nftables/print/print-changes.ts',
  // Modes other than the one that is asked for, and scripts.
  'src/lang/nftables/walk/firewall.ts',
  'src/render/ipvs/build.ts',
  'src/render/ipvs/render.ts',
  'src/render/nftables/render.ts',
  'src/render/nginx/configuration.ts',
  'src/render/script/cleanup/render.ts',
  'src/render/script/ipvs/render.ts',
  'src/render/script/nftables/render.ts',
  'src/render/script/render.ts',
  // Tables of Unicode, and where temporary files belong.
  'fast-string-width',
  'node:os',
];

const NAMESPACE = 'late';

/** A plugin of esbuild: what imports such a module gets functions that load it. */
export function evaluateLate() {
  const texts = new Map(LATE.map((name) => [name, printFunctions(name)]));
  return {
    name: 'evaluate-late',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer }) => {
        if (!importer.startsWith(`${root}src/`)) return undefined;
        const name = path.startsWith('.') ? join(dirname(importer), path).slice(root.length) : path;
        return texts.has(name) ? { path: name, namespace: NAMESPACE } : undefined;
      });
      onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
        contents: await texts.get(path),
        resolveDir: root,
      }));
    },
  };
}

async function printFunctions(name) {
  const isOurs = name.startsWith('src/');
  const module = isOurs ? await importTypeScript(name) : await import(name);
  const exported = Object.keys(module);
  const functions = exported.filter((each) => typeof module[each] === 'function');
  if (isOurs && functions.length < exported.length)
    throw new Error(`scripts/evaluate-late.mjs: ${name} exports more than functions`);
  return [
    'let late;',
    `const load = (name) => (...given) => (late ??= require('${isOurs ? './' : ''}${name}'))[name](...given);`,
    ...functions.map(
      (each) => `${each === 'default' ? 'export default' : `export const ${each} =`} load('${each}');`,
    ),
  ].join('\n');
}
