// Rolls the declarations of the library into one file for each of its entry points, with what that needs and nothing else.
// What two of them need stands in both: all types are plain data, and the same wherever they come from.
// TypeScript 7 writes them, module by module, but has no programming interface yet: rollup-plugin-dts, which is the tool
// most used for this, reads them with that of TypeScript 6.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/**
 * @param root of the repository
 * @param names of the entry points: src/<name>.ts becomes dist/<name>.d.ts
 * @throws Error when the sources have errors
 */
export async function bundleDeclarations(root, names) {
  const folder = mkdtempSync(join(tmpdir(), 'svcgen-declarations-'));
  try {
    writeDeclarations(root, folder);
    for (const name of names) {
      const bundle = await rollup({ input: join(folder, `${name}.d.ts`), plugins: [dts()] });
      await bundle.write({ file: join(root, `dist/${name}.d.ts`), format: 'es' });
      await bundle.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeDeclarations(root, folder) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '--project', 'tsconfig.types.json', '--outDir', folder];
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error('the declarations of the library could not be made');
}
