import { nftablesBackend } from '../support/kernel/backend.ts';
import { describeScenarios } from '../support/kernel/describe-scenarios.ts';
import { scenarios } from './scenarios/all.ts';

describeScenarios({ scenarios, backend: nftablesBackend('kube-proxy'), family: 'IPv6' });
