import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { aboutRun, listNames } from '../diagnostic/report.ts';
import { isHeadless } from '../kubernetes/services.ts';
import type { Service } from '../model/cluster.ts';
import type { NodeState, ServicePort } from '../model/node-state.ts';
import type { ExplainCode } from './codes.ts';
import { type Target, targetsOf } from './find-target.ts';
import type { WantedName } from './parse-target.ts';

export interface ChosenTarget {
  readonly target: Target;
  readonly state: NodeState;
}

/** The address that a name stands for: the clusterIP of the Service's port, in the first family that it has. */
export function chooseTarget(
  wanted: WantedName,
  states: Iterable<NodeState>,
  services: readonly Service[],
): ChosenTarget | Diagnostic {
  const label = `${wanted.namespace}/${wanted.name}`;
  const service = services.find(
    ({ namespace, name }) => namespace === wanted.namespace && name === wanted.name,
  );
  if (service === undefined) return unknownService(label, services);
  for (const state of states) {
    const ports = state.servicePorts.filter(
      ({ name }) => name.namespace === wanted.namespace && name.name === wanted.name,
    );
    if (ports.length === 0) continue;
    const matching = ports.filter((port) => isWanted(port, wanted));
    const [first, second] = matching;
    const target = first === undefined ? undefined : targetsOf(first)[0];
    if (target === undefined || second !== undefined) {
      return unclearPort(label, wanted, { ports, isKnown: first !== undefined });
    }
    return { target, state };
  }
  return withoutAddress(label, service);
}

function isWanted({ name, port, protocol }: ServicePort, wanted: WantedName): boolean {
  const isProtocol = wanted.protocol === undefined || protocol.toLowerCase() === wanted.protocol;
  return isProtocol && (wanted.port === undefined || name.port === wanted.port || `${port}` === wanted.port);
}

function unknownService(label: string, services: readonly Service[]): Diagnostic {
  const names = services.map(({ namespace, name }) => `${namespace}/${name}`);
  const near = didYouMean(label, names);
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message: `there is no Service ${label} in the input`,
    hint: near === undefined ? `there are ${listNames(names)}` : `did you mean ${near}?`,
  });
}

interface UnclearPort {
  /** All that the Service has. */
  readonly ports: readonly ServicePort[];
  /** Some of them are meant, but not one alone. */
  readonly isKnown: boolean;
}

function unclearPort(label: string, { port }: WantedName, { ports, isKnown }: UnclearPort): Diagnostic {
  const list = ports.map(({ name, port: number, protocol }) =>
    name.port === '' ? `${number}/${protocol}` : `${name.port} (${number}/${protocol})`,
  );
  const [first] = ports;
  const example = first === undefined ? '' : first.name.port === '' ? `${first.port}` : first.name.port;
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message:
      port === undefined
        ? `Service ${label} has several ports`
        : `Service ${label} has ${isKnown ? 'several ports' : 'no port'} ${port}`,
    hint: `it has ${listNames(list)}: name one, like --to ${label}:${example}`,
  });
}

function withoutAddress(label: string, service: Service): Diagnostic {
  const why =
    service.type === 'ExternalName'
      ? 'is of type ExternalName'
      : isHeadless(service)
        ? 'is headless'
        : 'has no address of this IP family';
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message: `Service ${label} ${why}, so nodes have no rules for it`,
    hint: 'clients reach what DNS answers: see svcgen dns; give an address as --to ADDRESS:PORT',
  });
}
