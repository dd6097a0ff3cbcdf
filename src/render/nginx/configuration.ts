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
  yield* printDirectives([...mainDirectives(countListeners(servers), HEALTH_LOAD), http(servers)]);
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
    ...mainDirectives(countListeners([...health, ...stream]), PROXY_LOAD),
    { name: 'stream', parameters: [], block: stream },
    ...(health.length > 0 ? [http(health)] : []),
  ]);
}

const MODULE_FILES = [
  '/etc/nginx/modules-enabled/*-mod-stream.conf',
  '/usr/share/nginx/modules/mod-stream*.conf',
  '/etc/nginx/modules/*_stream.conf',
];

/** How busy an nginx may be. */
interface Load {
  readonly workers: string;
  /** Of one worker: a client that is proxied has two, its own and the one to the endpoint. */
  readonly connections: number;
  readonly files: number;
}

const HEALTH_LOAD: Load = { workers: '1', connections: 1024, files: 65_536 };

/**
 * 16,384 clients a worker take 14 MB. Every worker holds the sockets over UDP of all of them, however many there are, so
 * that the kernel's own limit of files (`fs.nr_open`, by default) is the only one that always does.
 */
const PROXY_LOAD: Load = { workers: 'auto', connections: 32_768, files: 1_048_576 };

/**
 * What holds for master and workers alike. They run with as few privileges as nginx itself gives them, and nginx refuses to
 * start with fewer connections than sockets that it listens on.
 */
function mainDirectives(listeners: number, { workers, connections, files }: Load): readonly Directive[] {
  const block = [{ name: 'worker_connections', parameters: [String(listeners + connections)] }];
  return [
    { name: 'pid', parameters: [PID_FILE] },
    { name: 'error_log', parameters: ['stderr', 'crit'] },
    { name: 'worker_processes', parameters: [workers] },
    { name: 'worker_rlimit_nofile', parameters: [String(files)] },
    { name: 'events', parameters: [], block },
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
