import { describeScenarios } from '../../support/kernel/describe-scenarios.ts';
import { ipvsBackend, prepareForIPVS } from '../../support/uml/ipvs-backend.ts';
import { shareUML } from '../../support/uml/uml-place.ts';
import { scenarios } from '../scenarios/all.ts';
import { ipvsScenarios } from './ipvs-scenarios.ts';

const { place } = shareUML(prepareForIPVS);

describeScenarios({
  scenarios: [...scenarios, ...ipvsScenarios],
  backend: ipvsBackend,
  family: 'IPv6',
  place,
});
