import type { traceCodes } from '../../../diagnostic/codes/trace.ts';
import type { CodeExplanation } from './code-explanation.ts';

/** Codes of rules that come from a node. */
export const traceExplanations: Readonly<Record<keyof typeof traceCodes, CodeExplanation>> = {
  'saved-rules-given': {
    severity: 'error',
    explanation: `The file that should hold the rules of a node is empty. iptables-save prints at least the tables that are in
use, so an empty file means that it failed, mostly for lack of rights, and nothing can be concluded from it.`,
  },
  'saved-rules-text': {
    severity: 'error',
    explanation: `A line is not in the form in which iptables-save prints tables, chains and rules. Output of "iptables -L" or
of "nft list ruleset" is something else, and so is text that has been edited. The place is that of the first such line.`,
  },
  'saved-rules-complete': {
    severity: 'error',
    explanation: `Every table that iptables-save prints ends with COMMIT. One without it has been cut off on its way, by a full
disk or a pipe that broke, and what is missing would look like rules that the node does not have.`,
  },
  'saved-rules-family': {
    severity: 'error',
    explanation: `The rules have addresses of the other IP family: those of IPv6 come from ip6tables-save, those of IPv4 from
iptables-save. Compared with each other, everything would differ.`,
  },
  'service-known': {
    severity: 'error',
    explanation: `A Service is asked for by its name, and the manifests have none of that name, or it has no such port, or
several where none is named. Headless and ExternalName Services have no address of their own, and so no rules either.`,
  },
};
