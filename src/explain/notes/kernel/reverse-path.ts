import { deviceTo } from '../../../lang/packet/host.ts';
import { familyOf } from '../../../model/ip.ts';
import type { KernelStop } from './forwarding.ts';
import { ofInterface, type ServedQuestion } from './kernel-question.ts';

/** With rp_filter = 1, the kernel drops what comes in by another interface than the way back (net/ipv4/fib_frontend.c). */
export function reversePathStop(asked: ServedQuestion): KernelStop | undefined {
  const { client, connection, host } = asked;
  const back = deviceTo(host, connection.source);
  const came = client.inInterface;
  if (connection.origin === 'node' || came === undefined || back === undefined || came === back)
    return undefined;
  if (familyOf(connection.source) !== 'IPv4' || ofInterface(asked, 'rp_filter', came) !== 1) return undefined;
  return {
    obstacle: `dropped by the kernel: it comes in by ${came}, and the way back to ${connection.source} is ${back} (rp_filter = 1)`,
    remedy: `take a route to ${connection.source} by ${came}, or sysctl -w net.ipv4.conf.${came.replaceAll('.', '/')}.rp_filter=2`,
  };
}

/** Where the client's address stays, answers leave by the route to the client, and packets must come in there. */
export function localPolicyNotes(asked: ServedQuestion): readonly string[] {
  const { client, connection, served, kernel, host } = asked;
  const isFromOutside = connection.origin === 'outside' && client.inInterface === undefined;
  const isKept = isExternal(asked) && served.some(({ source }) => source.kind === 'kept');
  if (!isFromOutside || !isKept || familyOf(connection.source) !== 'IPv4') return [];
  if (kernel === undefined || kernel.settings.size === 0)
    return [
      'with rp_filter = 1, the kernel drops it unless it comes in by the interface that leads back to the client',
    ];
  const device = deviceTo(host, connection.source);
  if (ofInterface(asked, 'rp_filter', device) !== 1) return [];
  return [
    `rp_filter is 1${device === undefined ? '' : `, and the way back to ${connection.source} is ${device}`}: what comes in by another interface is dropped`,
  ];
}

/** Without manifests, the words of a rule tell: clients keep their addresses where the policy is Local. */
function isExternal({ target, path, served }: ServedQuestion): boolean {
  if (target !== undefined) return target.role !== 'clusterIP';
  const steps = [...path, ...served.flatMap((way) => way.path)];
  return steps.some(({ words }) => words?.includes('externalTrafficPolicy: Local') === true);
}
