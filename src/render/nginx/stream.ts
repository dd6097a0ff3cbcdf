import { invariant } from '../../diagnostic/invariant.ts';
import { type Directive, VARIABLES } from '../../lang/nginx/directive.ts';
import {
  type EndpointPool,
  formatServicePortName,
  type NodeState,
  proxyPortOf,
  type ServicePort,
} from '../../model/node-state.ts';

/** A proxy port of the node, and where it leads. */
interface ProxyServer {
  readonly port: number;
  readonly servicePort: ServicePort;
  readonly pool: EndpointPool;
  readonly listen: string;
  readonly id: string;
  /** After so much silence a client over UDP is a new one. */
  readonly udpTimeout: string;
}

/** How long nginx tries an endpoint; up to 1.25 kube-proxy waited 250 ms, then 500 ms, 1 s and 2 s, each for another one. */
const CONNECT_TIMEOUT = '1s';

/** As long as the kernel remembers an idle connection over TCP by default. */
const TCP_TIMEOUT = '5d';

/** Every upstream of the configuration shares it: without, each worker would take turns for itself. */
const ZONE = 'svcgen';

/** The stream block: for each proxy port what listens there, and the endpoints that take turns. */
export function streamServers(states: readonly NodeState[]): readonly Directive[] {
  const servers = states.flatMap(proxyServers);
  const endpoints = servers.reduce((sum, { pool }) => sum + pool.endpoints.length, 0);
  const size = `${Math.ceil((256 + servers.length + 2 * endpoints) / 1024 + 1)}m`;
  return servers.flatMap((server, index) => [
    upstream(server, index === 0 ? [ZONE, size] : [ZONE]),
    proxy(server),
  ]);
}

function proxyServers(state: NodeState): readonly ProxyServer[] {
  const { userspace } = state;
  return state.servicePorts.flatMap((servicePort) =>
    servicePort.pools.map((pool) => {
      const port = proxyPortOf(state, servicePort, pool.scope);
      invariant(userspace !== undefined && port !== undefined, 'a proxy port was not allocated');
      const isIPv4 = state.family === 'IPv4';
      return {
        port,
        servicePort,
        pool,
        listen: isIPv4 ? `${port}` : `[::]:${port}`,
        id: `${isIPv4 ? 'ipv4' : 'ipv6'}-${port}`,
        udpTimeout: `${userspace.settings.udpTimeoutMilliseconds}ms`,
      };
    }),
  );
}

/** One that does not answer is passed over, for 10 seconds by all connections (nginx's max_fails and fail_timeout). */
function upstream({ id, servicePort, pool }: ProxyServer, zone: readonly string[]): Directive {
  const affinity: readonly Directive[] =
    servicePort.sessionAffinitySeconds === undefined
      ? []
      : [{ name: 'hash', parameters: [VARIABLES.client, 'consistent'] }];
  return {
    name: 'upstream',
    parameters: [id],
    comment: `${formatServicePortName(servicePort.name)}${pool.scope === 'local' ? ', endpoints of this node' : ''}`,
    block: [
      { name: 'zone', parameters: zone },
      ...affinity,
      ...pool.endpoints.map(({ hostPort }) => ({ name: 'server', parameters: [hostPort] })),
    ],
  };
}

function proxy({ id, listen, servicePort, udpTimeout }: ProxyServer): Directive {
  const isUDP = servicePort.protocol === 'UDP';
  return {
    name: 'server',
    parameters: [],
    block: [
      // Packets of one client have to reach the worker that knows it.
      { name: 'listen', parameters: isUDP ? [listen, 'udp', 'reuseport'] : [listen] },
      { name: 'proxy_connect_timeout', parameters: [CONNECT_TIMEOUT] },
      { name: 'proxy_timeout', parameters: [isUDP ? udpTimeout : TCP_TIMEOUT] },
      { name: 'proxy_pass', parameters: [id] },
    ],
  };
}
