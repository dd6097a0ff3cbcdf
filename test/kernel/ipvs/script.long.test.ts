import { prepareForIPVS } from '../../support/uml/ipvs-backend.ts';
import { shareUML } from '../../support/uml/uml-place.ts';
import { describeCleanup, describeCleanupWithoutModules } from './describe-cleanup.ts';
import { describeSavedNode } from './describe-saved-node.ts';
import { describeScriptBesideOthers } from './describe-script-beside-others.ts';
import { describeScriptOnPoorHost } from './describe-script-on-poor-host.ts';
import { describeScriptUnconfirmed } from './describe-script-unconfirmed.ts';
import { describeScriptWithoutModules } from './describe-script-without-modules.ts';

const uml = shareUML(prepareForIPVS);

// The kernel of these tests has no IPVS in the beginning, and gets more and more modules.
describeCleanupWithoutModules(uml);
describeScriptWithoutModules(uml);
describeScriptBesideOthers(uml);
describeScriptOnPoorHost(uml);
describeScriptUnconfirmed(uml);
describeCleanup(uml);
describeSavedNode(uml);
