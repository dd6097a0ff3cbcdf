import { iptablesBackend } from '../support/kernel/backend.ts';
import { describeScenarios } from '../support/kernel/describe-scenarios.ts';
import { scenarios } from './scenarios/all.ts';

describeScenarios({ scenarios, backend: iptablesBackend('nft'), family: 'IPv4' });
