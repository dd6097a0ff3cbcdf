import { suggestLabel } from '../formats/dns.ts';

/** A hint for a name that is no DNS label, where it can be made one. To be spread into a finding. */
export function labelHint(name: string): { readonly hint?: string } {
  const label = suggestLabel(name);
  return label === undefined ? {} : { hint: `try ${label}` };
}
