import type { NodeStates } from '../model/node-state.ts';
import { renderHealth } from '../render/nginx/configuration.ts';
import type { Artifact, RenderStates } from './mode.ts';

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

/** Makes it. */
export const renderHealthArtifact: RenderStates = (states: NodeStates) => renderHealth([...states.values()]);
