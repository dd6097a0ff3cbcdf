import { nftablesBackend } from '../support/kernel/backend.ts';
import { describeScenarios } from '../support/kernel/describe-scenarios.ts';
import { scenarios } from './scenarios/all.ts';
import { lateNftablesScenarios } from './scenarios/kube-proxy-nftables.ts';

/** The others, but for the newest, which has tests of its own. */
describeScenarios({
  scenarios: [...scenarios, ...lateNftablesScenarios],
  backend: nftablesBackend('kube-proxy', '1.34.1'),
  family: 'IPv6',
});
describeScenarios({
  scenarios: [...scenarios, ...lateNftablesScenarios],
  backend: nftablesBackend('kube-proxy', '1.36'),
  family: 'IPv4',
});
