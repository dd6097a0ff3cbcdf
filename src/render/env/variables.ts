import { virtualIPs } from '../../kubernetes/services.ts';
import type { Service, ServicePortSpec } from '../../model/cluster.ts';
import { joinHostPort } from '../../model/ip.ts';

/** An environment variable, and the Service that it is about. */
export interface EnvVariable {
  readonly name: string;
  readonly value: string;
  readonly service: Service;
}

/**
 * The variables of one Service, in the kubelet's order (pkg/kubelet/envvars 1.34): host, port, named ports, then
 * those that Docker links had. None for Services without a cluster IP. Of two addresses the first one counts, as the
 * Service spells it.
 */
export function variablesOf(service: Service): readonly EnvVariable[] {
  const [canonical] = virtualIPs(service);
  const host = service.spelledClusterIP ?? canonical;
  const [first] = service.ports;
  if (canonical === undefined || host === undefined || first === undefined) return [];
  const prefix = variableName(service.name);
  const variables = [
    { name: `${prefix}_SERVICE_HOST`, value: host, service },
    { name: `${prefix}_SERVICE_PORT`, value: String(first.port), service },
  ];
  for (const { name, port } of service.ports) {
    if (name === '') continue;
    variables.push({ name: `${prefix}_SERVICE_PORT_${variableName(name)}`, value: String(port), service });
  }
  variables.push({ name: `${prefix}_PORT`, value: portURL(host, first), service });
  for (const port of service.ports) addLinkVariables(variables, { prefix, host, port, service });
  return variables;
}

interface Link {
  readonly prefix: string;
  readonly host: string;
  readonly port: ServicePortSpec;
  readonly service: Service;
}

function addLinkVariables(variables: EnvVariable[], { prefix, host, port, service }: Link): void {
  const name = `${prefix}_PORT_${port.port}_${port.protocol}`;
  variables.push(
    { name, value: portURL(host, port), service },
    { name: `${name}_PROTO`, value: port.protocol.toLowerCase(), service },
    { name: `${name}_PORT`, value: String(port.port), service },
    { name: `${name}_ADDR`, value: host, service },
  );
}

function portURL(host: string, { protocol, port }: ServicePortSpec): string {
  return `${protocol.toLowerCase()}://${joinHostPort(host, port)}`;
}

/** A name of a Service or port in a variable's name: upper case, dashes as underscores. Digits may come first. */
function variableName(name: string): string {
  return name.replaceAll('-', '_').toUpperCase();
}
