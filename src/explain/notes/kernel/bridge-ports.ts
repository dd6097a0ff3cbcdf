import { listNames } from '../../../diagnostic/report.ts';
import { deviceTo } from '../../../lang/packet/host.ts';
import { familyOf } from '../../../model/ip.ts';
import { type ServedQuestion, settingOf } from './kernel-question.ts';

/** A pod that reaches itself: its packets go back where they came from. */
export function hairpinNotes(asked: ServedQuestion): readonly string[] {
  const { connection, served, host, kernel } = asked;
  if (!served.some(({ destination }) => destination === connection.source) || connection.origin === 'node')
    return [];
  const device = deviceTo(host, connection.source);
  const ports = [...(kernel?.bridges ?? [])].flatMap(([port, bridge]) => (bridge === device ? port : []));
  const modes = ports.flatMap((port) => kernel?.hairpinPorts.get(port) ?? []);
  const who = `where ${connection.source} is chosen, the pod reaches itself`;
  if (device !== undefined && kernel !== undefined && ports.length === 0) return [];
  if (modes.length === 0 || new Set(modes).size > 1)
    return [
      `${who}: the port of its bridge needs hairpin mode, or the bridge promiscuous mode (kubelet --hairpin-mode); else it times out`,
    ];
  if (modes[0] === true) return [];
  return [
    `${who}, which times out unless ${device} is promiscuous: no port of ${device} has hairpin mode (bridge link set dev PORT hairpin on)`,
  ];
}

/** Between ports of one bridge, answers do not pass the rules that would translate them back, unless the bridge asks. */
export function bridgeNotes(asked: ServedQuestion): readonly string[] {
  const { connection, served, host, kernel } = asked;
  if (connection.origin !== 'pod') return [];
  const device = deviceTo(host, connection.source);
  const near = served.filter(
    ({ source, destination }) =>
      source.kind === 'kept' &&
      destination !== connection.source &&
      (device === undefined
        ? asked.target !== undefined && isOnNode(asked, destination)
        : deviceTo(host, destination) === device),
  );
  if (near.length === 0) return [];
  const name =
    familyOf(connection.source) === 'IPv4' ? 'bridge-nf-call-iptables' : 'bridge-nf-call-ip6tables';
  const who = listNames([...new Set(near.map(({ destination }) => destination))]);
  const isBridge = device !== undefined && [...(kernel?.bridges.values() ?? [])].includes(device);
  if (device !== undefined && kernel !== undefined && kernel.bridges.size > 0 && !isBridge) return [];
  const value = settingOf(asked, `net.bridge.${name}`);
  if (value === '1') return [];
  const isKnown = isBridge && (kernel?.settings.size ?? 0) > 0;
  const lost = `answers of ${who} go straight to the pod with their own address, and it does not know them`;
  return [
    isKnown
      ? `${lost}: net.bridge.${name} is ${value ?? 'not there (modprobe br_netfilter)'}; to do: sysctl -w net.bridge.${name}=1`
      : `where both pods are ports of one bridge it takes br_netfilter with net.bridge.${name} = 1: else ${lost}`,
  ];
}

function isOnNode({ target }: ServedQuestion, ip: string): boolean {
  return target?.servicePort.reachable.some((each) => each.isLocal && each.ip === ip) === true;
}
