import type { Namespace } from '../kernel/namespace.ts';
import { chainsOfOurs, linesOfOthers, steadyLines } from '../kernel/our-chains.ts';

/** All of a host that ipvs mode touches, in a form that only real changes change. */
export interface IPVSState {
  readonly servers: readonly string[];
  readonly sets: readonly string[];
  /** Of the dummy device; undefined: there is none. */
  readonly addresses: readonly string[] | undefined;
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

/** Reads what a host has. */
export async function readState(host: Namespace): Promise<IPVSState> {
  const device = await host.run(['ip', '-o', 'addr', 'show', 'dev', 'kube-ipvs0']);
  return {
    servers: sortedLines(await host.must(['ipvsadm', '--save', '--numeric'])),
    sets: sortedLines(await host.must(['ipset', 'save'])),
    addresses: device.exitCode === 0 ? sortedLines(device.stdout).map(addressOf) : undefined,
    ipv4: steadyLines(await saveAll(host, 'iptables-save')),
    ipv6: steadyLines(await saveAll(host, 'ip6tables-save')),
  };
}

/** What is ours: everything but these lines of others. */
export function withoutOthers(state: IPVSState, others: Pick<IPVSState, 'servers' | 'sets'>) {
  return {
    servers: state.servers.filter((line) => !others.servers.includes(line)),
    // The kernel chooses a number for each set when it is made.
    sets: state.sets
      .filter((line) => !others.sets.includes(line))
      .map((line) => line.replace(/ initval \S+/, '')),
    addresses: state.addresses,
    ipv4: chainsOfOurs(state.ipv4),
    ipv6: chainsOfOurs(state.ipv6),
  };
}

/** What is others'. */
export function rulesOfOthers({ ipv4, ipv6 }: IPVSState) {
  return { ipv4: linesOfOthers(ipv4), ipv6: linesOfOthers(ipv6) };
}

/** Looking at a table that is empty brings it into being, so both are looked at before anything is saved. */
function saveAll(host: Namespace, program: string): Promise<string> {
  const look = `${program} -t filter >/dev/null; ${program} -t nat >/dev/null`;
  return host.must(['sh', '-ec', `${look}; ${program}`]);
}

function sortedLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort();
}

function addressOf(line: string): string {
  return line.split(/\s+/)[3] ?? '';
}
