import type { SourceFate } from './explanation.ts';

/** What the other end sees as the client, and why. */
export function describeSource(fate: SourceFate, client: string): string {
  if (fate.kind === 'kept') return `stays ${client}`;
  const to = fate.to ?? 'the address of the node on the way out';
  return `becomes ${to}${fate.why === undefined ? '' : `: ${fate.why}`}`;
}
