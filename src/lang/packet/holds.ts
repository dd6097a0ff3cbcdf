import type { NetworkInterface } from './packet.ts';

/** Whether a match holds. `unknown`: only the node can tell. */
export type Holds = boolean | 'unknown';

export function negate(holds: Holds): Holds {
  return holds === 'unknown' ? holds : !holds;
}

/** Whether an interface is meant by a name, whose final `+` stands for any rest. */
export function isInterface(pattern: string, actual: NetworkInterface): Holds {
  switch (actual.kind) {
    case 'none':
      return false;
    case 'named':
      return pattern.endsWith('+') ? actual.name.startsWith(pattern.slice(0, -1)) : actual.name === pattern;
    case 'unknown':
      return pattern === '+' || (pattern === 'lo' ? false : 'unknown');
  }
}
