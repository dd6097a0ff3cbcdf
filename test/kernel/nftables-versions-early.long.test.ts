import { nftablesBackend } from '../support/kernel/backend.ts';
import { describeScenarios } from '../support/kernel/describe-scenarios.ts';
import { scenarios } from './scenarios/all.ts';
import { earlyNftablesScenarios, lateNftablesScenarios } from './scenarios/kube-proxy-nftables.ts';

/** Versions of kube-proxy that choose endpoints by chains, one of each kind. */
describeScenarios({
  scenarios: [...scenarios, ...earlyNftablesScenarios],
  backend: nftablesBackend('kube-proxy', '1.31'),
  family: 'IPv4',
});
describeScenarios({
  scenarios: [...scenarios, ...lateNftablesScenarios],
  backend: nftablesBackend('kube-proxy', '1.33.6'),
  family: 'IPv6',
});
