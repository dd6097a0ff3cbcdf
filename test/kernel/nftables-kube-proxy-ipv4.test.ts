import { nftablesBackend } from '../support/kernel/backend.ts';
import { describeScenarios } from '../support/kernel/describe-scenarios.ts';
import { scenarios } from './scenarios/all.ts';
import { lateNftablesScenarios } from './scenarios/kube-proxy-nftables.ts';

describeScenarios({
  scenarios: [...scenarios, ...lateNftablesScenarios],
  backend: nftablesBackend('kube-proxy'),
  family: 'IPv4',
});
