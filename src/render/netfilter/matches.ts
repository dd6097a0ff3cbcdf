import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Action } from '../../lang/iptables/targets/action.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { LocalDetector, MasqueradedClients, PodDetector } from '../../model/node-state.ts';

/** Short forms for the matches and actions that builders repeat. */

export const ACCEPT: Action = { kind: 'accept' };
export const DROP: Action = { kind: 'drop' };
export const REJECT: Action = { kind: 'reject' };
export const RETURN: Action = { kind: 'return' };

export const NEW_CONNECTIONS: Match = { kind: 'ctstate', states: ['NEW'] };
export const TO_LOCAL_ADDRESS: Match = { kind: 'local-address', of: 'destination' };
export const FROM_LOCAL_ADDRESS: Match = { kind: 'local-address', of: 'source' };

export function jump(chain: string): Action {
  return { kind: 'jump', chain };
}

export function comment(text: string): Match {
  return { kind: 'comment', text };
}

export function fromAddress(ip: string): Match {
  return { kind: 'source', cidr: hostCIDR(ip) };
}

export function toAddress(ip: string): Match {
  return { kind: 'destination', cidr: hostCIDR(ip) };
}

/** All loopback addresses of a family. */
export function loopbackCIDR(family: IPFamily): string {
  return family === 'IPv4' ? '127.0.0.0/8' : '::1/128';
}

/** `IfLocal` of kube-proxy's local detectors; undefined when local traffic can't be told. */
export function fromLocalPods(detector: LocalDetector): Match | undefined {
  return detector.kind === 'none' ? undefined : fromPods(detector);
}

/** Clients of clusterIPs that are masqueraded: no match is needed for all; undefined: none are. */
export function fromMasqueraded(clients: MasqueradedClients): readonly Match[] | undefined {
  switch (clients.kind) {
    case 'all':
      return [];
    case 'foreign':
      return [fromPods(clients.detector, { negated: true })];
    case 'none':
      return undefined;
  }
}

function fromPods(detector: PodDetector, sense: { readonly negated?: true } = {}): Match {
  switch (detector.kind) {
    case 'cidr':
      return { kind: 'source', cidr: detector.cidr, ...sense };
    case 'interface':
      return { kind: 'in-interface', name: detector.name, ...sense };
    case 'interface-prefix':
      return { kind: 'in-interface', name: `${detector.prefix}+`, ...sense };
  }
}

function hostCIDR(ip: string): string {
  return ip.includes(':') ? `${ip}/128` : `${ip}/32`;
}
