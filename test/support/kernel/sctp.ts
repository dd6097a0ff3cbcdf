import { fileURLToPath } from 'node:url';
import type { Namespace } from './namespace.ts';

const PROBE = fileURLToPath(new URL('./sctp-probe.pl', import.meta.url));

interface SCTPAttempt {
  readonly from: Namespace;
  readonly to: string;
  readonly port: number;
  /** Where the packet has to come out. */
  readonly at: Namespace;
  readonly address: string;
}

/** Sends SCTP packets and tells how the first one arrives: `PORT SENDER`. @throws when none does */
export async function deliverSCTP({ from, to, port, at, address }: SCTPAttempt): Promise<string> {
  const arrival = at.must(['perl', PROBE, 'await', address]);
  const sending = from.run(['perl', PROBE, 'send', to, String(port)]);
  const arrived = await arrival;
  await sending;
  return arrived.trim();
}
