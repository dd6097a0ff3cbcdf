import type { CodeDescription } from './code-description.ts';

/** Of rules that come from a node. */
export const traceCodes = {
  'saved-rules-given': { category: 'input', summary: 'the file that should hold rules of a node is empty' },
  'saved-rules-text': {
    category: 'input',
    summary: 'the rules of a node are not in the form that iptables-save, ipset, ipvsadm or nft prints',
  },
  'saved-rules-complete': {
    category: 'input',
    summary: 'the rules of a node are not whole: a table lacks its end, or is not there at all',
  },
  'saved-rules-family': {
    category: 'input',
    summary: 'the rules of a node are those of the other IP family',
  },
  'saved-rules-layout': {
    category: 'input',
    summary: 'the rules of a node have another layout than those that they are compared with',
  },
  'service-known': {
    category: 'input',
    summary: 'the Service that is named is not in the input, or has no such port or no address',
  },
} as const satisfies Record<string, CodeDescription>;
