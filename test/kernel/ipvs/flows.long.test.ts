import { describeFlows } from '../../support/kernel/describe-flows.ts';
import { prepareForIPVS } from '../../support/uml/ipvs-backend.ts';
import { shareUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

const { place } = shareUML(prepareForIPVS);

describeUML('flows over UDP, ipvs mode', () => {
  describeFlows(['--mode', 'ipvs'], place.startLab);
});
