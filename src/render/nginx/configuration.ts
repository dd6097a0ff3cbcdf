import { type Directive, printDirectives } from '../../lang/nginx/directive.ts';
import type { NodeState } from '../../model/node-state.ts';
import { healthServers } from './health.ts';
import { streamServers } from './stream.ts';

/** Where nginx keeps what it needs while it runs. */
const RUN_FOLDER = '/run/svcgen';

/** Where the number of its process is. */
const PID_FILE = `${RUN_FOLDER}/nginx.pid`;

const HEADER = `# An nginx of its own for the Services of a Kubernetes cluster; made by svcgen. It knows nothing of other servers on this
# host, and they nothing of it:
#   mkdir -p ${RUN_FOLDER} && nginx -c FILE     starts it; FILE begins with a slash
#   nginx -s reload -c FILE                     makes it read the file again, without losing a connection
#   nginx -s quit -c FILE                       ends it

`;

/**
 * A whole nginx.conf that answers load balancers which ask for the health of a node, in pieces. Ends with a line break.
 */
export function* renderHealth(states: readonly NodeState[]): Generator<string> {
  yield HEADER;
  const servers = healthServers(states);
  yield* printDirectives([...mainDirectives(countListeners(servers)), http(servers)]);
}

/**
 * A whole nginx.conf that proxies the Services of a node, and answers health checks where there are any. The module stream
 * is where Debian, Red Hat and Alpine put it, or built in.
 */
export function* renderProxy(states: readonly NodeState[]): Generator<string> {
  yield HEADER;
  const health = healthServers(states);
  const stream = streamServers(states);
  yield* printDirectives([
    ...MODULE_FILES.map((file) => ({ name: 'include', parameters: [file] })),
    ...mainDirectives(countListeners([...health, ...stream]), 'auto'),
    { name: 'stream', parameters: [], block: stream },
    ...(health.length > 0 ? [http(health)] : []),
  ]);
}

const MODULE_FILES = [
  '/etc/nginx/modules-enabled/*-mod-stream.conf',
  '/usr/share/nginx/modules/mod-stream*.conf',
  '/etc/nginx/modules/*_stream.conf',
];

/** nginx refuses to start with fewer connections than sockets that it listens on. */
const SPARE_CONNECTIONS = 1024;

/** What holds for master and workers alike. They run with as few privileges as nginx itself gives them. */
function mainDirectives(listeners: number, workers = '1'): readonly Directive[] {
  const connections = String(listeners + SPARE_CONNECTIONS);
  return [
    { name: 'pid', parameters: [PID_FILE] },
    { name: 'error_log', parameters: ['stderr', 'crit'] },
    { name: 'worker_processes', parameters: [workers] },
    { name: 'worker_rlimit_nofile', parameters: [String(2 * listeners + 2 * SPARE_CONNECTIONS)] },
    { name: 'events', parameters: [], block: [{ name: 'worker_connections', parameters: [connections] }] },
  ];
}

function countListeners(servers: readonly Directive[]): number {
  return servers.flatMap(({ block }) => [...(block ?? [])]).filter(({ name }) => name === 'listen').length;
}

/** At its start nginx makes these folders its own, and by default they are those of other servers on the host. */
const TEMPORARY_FOLDERS = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'];

function http(servers: readonly Directive[]): Directive {
  const block = [
    { name: 'access_log', parameters: ['off'] },
    { name: 'server_tokens', parameters: ['off'] },
    { name: 'default_type', parameters: ['application/json'] },
    ...TEMPORARY_FOLDERS.map((kind) => ({
      name: `${kind}_temp_path`,
      parameters: [`${RUN_FOLDER}/temporary`],
    })),
    ...servers,
  ];
  return { name: 'http', parameters: [], block };
}
