import type { NodeStates } from '../model/node-state.ts';
import { renderHealth } from '../render/nginx/configuration.ts';
import type { ScriptNginx } from '../render/script/nginx-text.ts';
import type { Artifact, RenderOptions, RenderStates } from './mode.ts';

/** An artifact that every mode has: health checks are the same, whatever rules there are. */
export type HealthArtifact = 'health';

/** What answers load balancers that ask for the health of the node. */
export const HEALTH_ARTIFACT: Artifact<HealthArtifact> = {
  name: 'health',
  fileName: 'health.conf',
  isExecutable: false,
  families: ['IPv4', 'IPv6'],
  needs: [],
  isMain: false,
  isForHealthChecks: true,
};

/** The nginx of a script, which answers health checks if they are wanted and asked. */
export function healthNginx(
  states: NodeStates,
  { withHealth }: Pick<RenderOptions, 'withHealth'>,
): ScriptNginx {
  const served = [...states.values()];
  const isAsked = withHealth && served.some(({ healthChecks }) => healthChecks.length > 0);
  return { configuration: isAsked ? renderHealth(served) : undefined, packages: 'nginx-light' };
}

/** Makes it. */
export const renderHealthArtifact: RenderStates = (states: NodeStates) => renderHealth([...states.values()]);
