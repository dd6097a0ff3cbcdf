import type { Scenario } from '../../support/kernel/scenario.ts';
import { clusterIPScenarios } from './cluster-ip.ts';
import { externalAddressScenarios } from './external-addresses.ts';
import { manyScenarios } from './many.ts';
import { masqueradingScenarios } from './masquerading.ts';
import { nodePortScenarios } from './node-port.ts';
import { selectionScenarios } from './selection.ts';

/** Everything that a node has to do with packets. */
export const scenarios: readonly Scenario[] = [
  ...clusterIPScenarios,
  ...masqueradingScenarios,
  ...selectionScenarios,
  ...nodePortScenarios,
  ...externalAddressScenarios,
  ...manyScenarios,
];
