// Runs TypeScript that builds on src/ at build time.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Imports a module of TypeScript, with all that it imports. @param entryPoint from the root of the repository */
export async function importTypeScript(entryPoint) {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../', import.meta.url)),
    entryPoints: [entryPoint],
    bundle: true,
    platform: 'node',
    target: 'node20.12',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
    write: false,
  });
  const [script] = outputFiles;
  return import(`data:text/javascript;base64,${Buffer.from(script.contents).toString('base64')}`);
}
