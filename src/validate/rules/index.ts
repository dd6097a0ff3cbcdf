import { crossRules, hintRules } from './cross/index.ts';
import { endpointsRules } from './endpoints/index.ts';
import { metadataRules } from './metadata/index.ts';
import { nodeRules, serviceCIDRRules } from './node/index.ts';
import { ownWorkloadRules, podRules } from './pod/index.ts';
import { serviceRules } from './service/index.ts';
import { endpointSliceRules } from './slice/index.ts';

/** Every rule, in the order in which they run; three that differ only in what they look at have one code. */
export const allRules = Object.freeze([
  ...metadataRules,
  ...serviceRules,
  ...endpointsRules,
  ...endpointSliceRules,
  ...podRules,
  ...nodeRules,
  ...serviceCIDRRules,
  ...ownWorkloadRules,
  ...crossRules,
  ...hintRules,
]);
