import type { traceCodes } from '../../../diagnostic/codes/trace.ts';
import type { CodeExplanation } from './code-explanation.ts';

/** Codes of rules that come from a node. */
export const traceExplanations: Readonly<Record<keyof typeof traceCodes, CodeExplanation>> = {
  'saved-rules-given': {
    severity: 'error',
    explanation: `The file that should hold the rules of a node is empty. iptables-save and "nft list ruleset" print at least the
tables that are in use, so an empty file means that they failed, mostly for lack of rights, and nothing can be concluded
from it.`,
  },
  'saved-rules-text': {
    severity: 'error',
    explanation: `A line is not in the form in which iptables-save prints tables, chains and rules, or "nft list ruleset" tables,
sets and chains. Output of "iptables -L", "nft -j" or a script for "nft -f" is something else, and so is text that has been
edited. The rules of nftables mode come from nft, those of other modes from iptables-save, beside which "ipset save" and
"ipvsadm-save -n" may have printed what ipvs mode has; no part may come twice. The place is that of the first such line.`,
  },
  'saved-rules-complete': {
    severity: 'error',
    explanation: `Every table that iptables-save prints ends with COMMIT, and what nft opens with { it closes with }. A table without
its end has been cut off on its way, by a full disk or a pipe that broke, and what is missing would look like rules that the
node does not have. The same is true of a last line of ipset or ipvsadm without its line break.`,
  },
  'saved-rules-family': {
    severity: 'error',
    explanation: `The rules have addresses of the other IP family: those of IPv6 come from ip6tables-save, those of IPv4 from
iptables-save. Compared with each other, everything would differ.`,
  },
  'saved-rules-layout': {
    severity: 'warning',
    explanation: `The table of the node has sets that only another layout has, so nearly all rules differ, and what else does is lost
among them. svcgen lays rules of nftables out as --layout says: compact, or as kube-proxy 1.33 and 1.34 do. Later ones have
sets of their own; what their rules do can be seen with "svcgen explain --rules".`,
  },
  'service-known': {
    severity: 'error',
    explanation: `A Service is asked for by its name, and the manifests have none of that name, or it has no such port, or
several where none is named. Headless and ExternalName Services have no address of their own, and so no rules either.`,
  },
};
