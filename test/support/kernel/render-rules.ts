import type { JsonObject } from '../../../src/model/json.ts';
import { runProgram } from '../run-program.ts';

/**
 * What `svcgen render` prints for manifests that come over stdin.
 * @throws with svcgen's diagnostics when it refuses them
 */
export async function renderRules(
  manifests: readonly JsonObject[],
  flags: readonly string[],
): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const { exitCode, stdout, stderr } = await runProgram(['render', '-', ...flags], list);
  if (exitCode !== 0) throw new Error(`svcgen exited with ${exitCode}\n${stderr}`);
  return stdout;
}
