import type { AddressFact, PortFact, ServiceFacts } from '../traffic/traffic-diff.ts';
import { backendsTitle, describeAllocation, describeOutcome } from './describe-change.ts';
import type { Style } from './style.ts';

/** Lines about a Service that comes or goes: what it is, then its ports with what is behind them. */
export function describeFacts({ type, addresses, ports }: ServiceFacts, style: Style): readonly string[] {
  const places = addresses.map((address) => describeAddress(address, style));
  return [[type, ...places].join(', '), ...ports.flatMap((port) => describePort(port, style))];
}

function describeAddress({ what, address, isAllocated }: AddressFact, { value }: Style): string {
  return `${what} ${value(address)}${allocated(isAllocated)}`;
}

function describePort({ name, port, nodePort, backends }: PortFact, style: Style): readonly string[] {
  const title = name === '' ? 'port' : `port ${style.value(name)}`;
  const onNodes =
    nodePort === undefined
      ? ''
      : `, nodePort ${style.value(String(nodePort.port))}${allocated(nodePort.isAllocated)}`;
  return [
    `${title}: ${style.value(port)}${onNodes}`,
    ...backends.map(
      (each) => `${backendsTitle({ ...each, port: name }, style)}: ${describeOutcome(each.outcome, style)}`,
    ),
  ];
}

function allocated(isAllocated: boolean): string {
  return describeAllocation(isAllocated ? 'is allocated' : undefined);
}
