// Makes the scripts of commands evaluate some modules when a function of theirs is first called, and not when they start.
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * What most runs need nothing of, and what takes long to evaluate: the explanations of all rules, the general parser of
 * YAML, tables of Unicode, and a module of Node.js that says where temporary files belong. By how they are imported.
 * Start-up takes 10 % less of a processor for `--version`, `completion` and `doctor`, and 3 to 6 % less for other commands.
 */
const LATE = new Map([
  ['/code-records.ts', './src/cli/describe-code/code-records.ts'],
  ['/read-general-yaml.ts', './src/parse/yaml/read-general-yaml.ts'],
  ['fast-string-width', 'fast-string-width'],
  ['node:os', 'node:os'],
]);

const NAMESPACE = 'late';

/** A plugin of esbuild. What imports such a module gets functions that load it, so it may export nothing but functions. */
export const evaluateLate = {
  name: 'evaluate-late',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const late = LATE.get(path.slice(path.startsWith('.') ? path.lastIndexOf('/') : 0));
      return late !== undefined && importer.startsWith(`${root}src/`)
        ? { path: late, namespace: NAMESPACE }
        : undefined;
    });
    onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
      contents: await printFunctions(path),
      resolveDir: root,
    }));
  },
};

async function printFunctions(path) {
  const module = path.startsWith('./') ? await importTypeScript(path) : await import(path);
  const names = Object.keys(module).filter((name) => typeof module[name] === 'function');
  if (path.startsWith('./') && names.length < Object.keys(module).length)
    throw new Error(`scripts/evaluate-late.mjs: ${path} exports more than functions`);
  return [
    `const load = (name) => (...given) => (late ??= require(${JSON.stringify(path)}))[name](...given);`,
    'let late;',
    ...names.map(
      (name) => `${name === 'default' ? 'export default' : `export const ${name} =`} load('${name}');`,
    ),
  ].join('\n');
}
