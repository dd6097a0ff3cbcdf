import { escapeText, markdownCode } from '../../diagnostic/escape.ts';
import type { RuleOwner } from '../../lang/iptables/compare/drift.ts';

/** How a form of output writes what comes from input, so that sentences are written once. */
export interface Style {
  /** A name, an address, a rule: escaped, and set apart where that is usual. */
  readonly value: (text: string) => string;
  /** From what was to what is. */
  readonly arrow: string;
}

/** For a terminal. */
export const plainStyle: Style = { value: escapeText, arrow: '->' };

/** For Markdown, where code is shown as it is: no markup, no HTML, no names that notify anybody. */
export const markdownStyle: Style = { value: markdownCode, arrow: '→' };

/** `node worker-1 (iptables mode, IPv4)`. */
export function describeOwner({ node, setting }: RuleOwner, { value }: Style): string {
  return `${node === undefined ? 'a node' : `node ${value(node)}`} (${setting})`;
}
