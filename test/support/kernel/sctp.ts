import { readFileSync } from 'node:fs';
import type { Namespace } from './namespace.ts';

/** It goes over stdin: not every namespace sees the file system of the tests. */
const PROBE = readFileSync(new URL('./sctp-probe.pl', import.meta.url), 'utf8');

interface SCTPAttempt {
  readonly from: Namespace;
  readonly to: string;
  readonly port: number;
  /** Where the packet has to come out. */
  readonly at: Namespace;
  readonly address: string;
}

/** Sends SCTP packets until one arrives, and tells how: `PORT SENDER`. @throws when none does in ten seconds */
export async function deliverSCTP({ from, to, port, at, address }: SCTPAttempt): Promise<string> {
  let isOver = false;
  const arrival = at.must(['perl', '-', 'await', address], PROBE).finally(() => {
    isOver = true;
  });
  const sending = async () => {
    while (!isOver) await from.must(['perl', '-', 'send', to, String(port)], PROBE);
  };
  const [arrived] = await Promise.all([arrival, sending()]);
  return arrived.trim();
}
