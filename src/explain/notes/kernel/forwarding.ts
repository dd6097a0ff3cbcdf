import { deviceTo, isLocal } from '../../../lang/packet/host.ts';
import { familyOf } from '../../../model/ip.ts';
import type { Connection } from '../../explanation.ts';
import { ofInterface, type ServedQuestion, settingOf } from './kernel-question.ts';

/** Why the kernel lets nothing through, and what to do. */
export interface KernelStop {
  readonly obstacle: string;
  readonly remedy: string;
}

function forwardSetting({ connection }: ServedQuestion): string {
  return familyOf(connection.destination) === 'IPv4' ? 'net.ipv4.ip_forward' : 'net.ipv6.conf.all.forwarding';
}

/** What neither comes from the node nor goes to it passes through it. */
function isForwarded({ connection, served, host }: ServedQuestion): boolean {
  return connection.origin !== 'node' && served.every(({ destination }) => !isLocal(host, destination));
}

/** What is forwarded needs a kernel that forwards. */
export function forwardingStop(asked: ServedQuestion): KernelStop | undefined {
  const name = forwardSetting(asked);
  if (!isForwarded(asked) || settingOf(asked, name) !== '0') return undefined;
  return {
    obstacle: `dropped by the kernel, which does not forward (${name} = 0)`,
    remedy: `sysctl -w ${name}=1 lets it forward; a file in /etc/sysctl.d keeps that`,
  };
}

/** The same where nobody knows whether it does. */
export function forwardingAssumption(asked: ServedQuestion): readonly string[] {
  const name = forwardSetting(asked);
  if (!asked.isLive || !isForwarded(asked) || settingOf(asked, name) !== undefined) return [];
  return [`the node must forward as well (${name} = 1): "svcgen doctor" tells if it does`];
}

function isLoopback({ destination }: Connection): boolean {
  return destination.startsWith('127.');
}

/** What a process of the node sends from 127.0.0.0/8 leaves it only with route_localnet. */
export function localnetStop(asked: ServedQuestion): KernelStop | undefined {
  if (!isLoopback(asked.connection) || ofInterface(asked, 'route_localnet', undefined) !== 0)
    return undefined;
  const [{ destination } = { destination: '' }] = asked.served;
  if (ofInterface(asked, 'route_localnet', deviceTo(asked.host, destination)) !== 0) return undefined;
  return {
    obstacle: 'dropped by the kernel, which sends nothing from 127.0.0.0/8 elsewhere (route_localnet = 0)',
    remedy:
      'take an address of the node; kube-proxy sets net.ipv4.conf.all.route_localnet = 1 unless told not to',
  };
}

/** The same where nobody knows how it is set. */
export function localnetNotes(asked: ServedQuestion): readonly string[] {
  if (!isLoopback(asked.connection) || ofInterface(asked, 'route_localnet', undefined) !== undefined)
    return [];
  return ['it takes net.ipv4.conf.all.route_localnet = 1, which kube-proxy sets: else the kernel drops it'];
}
