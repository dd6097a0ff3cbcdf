import type { JsonObject } from '../../../src/model/json.ts';
import { chooseIptables } from '../kernel/backend.ts';
import type { Namespace } from '../kernel/namespace.ts';
import { renderRules } from '../kernel/render-rules.ts';
import { scriptFlags } from '../kernel/script-services.ts';
import { loadModules } from './ipvs-backend.ts';
import type { SharedUML } from './uml-place.ts';

/** What `svcgen render --mode ipvs` prints for the lab's node. */
export function renderIPVSScript(
  manifests: readonly JsonObject[],
  flags: readonly string[] = [],
): Promise<string> {
  return renderRules(manifests, ['--mode', 'ipvs', ...scriptFlags, ...flags]);
}

/** Runs it. */
export async function runIPVSScript(
  host: Namespace,
  manifests: readonly JsonObject[],
  flags: readonly string[] = [],
): Promise<void> {
  await host.must(['sh', '-s'], await renderIPVSScript(manifests, flags));
}

/** A namespace on its own. */
export async function newHost(start: SharedUML['start']): Promise<Namespace> {
  const { startNamespace } = await start();
  const host = await startNamespace('host');
  await chooseIptables(host, 'legacy');
  return host;
}

/** The same, in a kernel with IPVS. */
export async function emptyIPVSHost(start: SharedUML['start']): Promise<Namespace> {
  const host = await newHost(start);
  await loadModules({ node: host }, ['ip_vs', 'ip_vs_rr', 'xt_ipvs']);
  return host;
}
