import type { CommandResult } from './agent-protocol.ts';
import type { IptablesVariant } from './backend.ts';
import type { Namespace } from './namespace.ts';
import { steadyLines } from './our-chains.ts';

/** Where a host keeps temporary files in these tests: nothing stays there. */
const TEMPORARY = '/run/temporary';

/** Where programs are that stand in for others. */
const STAND_INS = '/run/stand-ins';

/** How a script is started. */
export interface ScriptRun {
  /** Assignments of a shell. */
  readonly env?: string;
  /** What comes before `sh`: `setpriv …`. */
  readonly through?: string;
  readonly shell?: string;
}

/** Runs a script as from a file, with one variant of iptables. */
export async function runScriptFile(
  host: Namespace,
  script: string,
  { env = ':', through = '', shell = 'sh' }: ScriptRun = {},
): Promise<CommandResult> {
  await host.must(['sh', '-c', `mkdir -p ${TEMPORARY} && cat >/run/script`], script);
  return host.run(['sh', '-c', `export TMPDIR=${TEMPORARY}; ${env}; exec ${through} ${shell} /run/script`]);
}

/** For `env`: both families with one variant. */
export function variantOf(ipv4: IptablesVariant, ipv6: IptablesVariant = ipv4): string {
  return `export IPTABLES=iptables-${ipv4} IP6TABLES=ip6tables-${ipv6}`;
}

/** What the tables of a variant hold, in both families. */
export async function saveVariant(host: Namespace, variant: IptablesVariant): Promise<readonly string[]> {
  const save = `iptables-${variant}-save && ip6tables-${variant}-save`;
  return steadyLines(await host.must(['sh', '-c', save]));
}

/** What temporary files there are. */
export async function temporaryFilesOn(host: Namespace): Promise<readonly string[]> {
  const text = await host.must(['sh', '-c', `ls -A ${TEMPORARY}`]);
  return text.split('\n').filter((name) => name !== '');
}

/** For `through`: root, as in a container that may not change the network. */
export const WITHOUT_PERMISSION = 'setpriv --bounding-set -net_admin --inh-caps -net_admin';

/**
 * Makes programs count how often they are started, and end the shell that starts them at one of these times.
 * @returns for `env`: in place of which start (0: never), and with which signal; `after-` it: when the program has ended
 */
export async function interceptPrograms(
  host: Namespace,
  programs: readonly string[],
): Promise<(at: number, signal: string) => string> {
  const body = `#!/bin/sh
count=$(($(cat /run/count) + 1))
echo "$count" >/run/count
PATH=\${PATH#${STAND_INS}:}
if [ "$count" -eq "$AT" ]; then
  case $SIGNAL in
    after-*) "\${0##*/}" "$@" ;;
  esac
  kill -s "\${SIGNAL#after-}" "$PPID"
  exit 1
fi
exec "\${0##*/}" "$@"
`;
  const links = programs.map((program) => `ln -sf stand-in ${STAND_INS}/${program}`).join('\n');
  await host.must(
    [
      'sh',
      '-ec',
      `mkdir -p ${STAND_INS}; cat >${STAND_INS}/stand-in; chmod +x ${STAND_INS}/stand-in\n${links}`,
    ],
    body,
  );
  return (at, signal) => `echo 0 >/run/count; export AT=${at} SIGNAL=${signal} PATH=${STAND_INS}:$PATH`;
}

/** How often intercepted programs were started in the last run. */
export async function startsOfLastRun(host: Namespace): Promise<number> {
  return Number(await host.must(['cat', '/run/count']));
}
