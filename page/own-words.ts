import type { Diagnostic, Explanation } from '../src/index.ts';

/** svcgen speaks of flags, which a reader of the page has not: what the page says in their place. */

/** The control of the page that a flag stands for. */
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['--node', 'Node'],
  ['--mode', 'Mode'],
  ['--layout', 'Layout'],
  ['--family', 'Family'],
  ['--kubernetes-version', 'Kubernetes'],
  ['--cluster-cidr', 'Cluster CIDR'],
  ['--artifact', 'Artifact'],
  ['--namespace', 'Namespace'],
  ['--from', 'From'],
  ['--to', 'To'],
]);

/** Flags for what the page cannot do. */
const BEYOND: ReadonlySet<string> = new Set([
  '--config',
  '--detect-local-mode',
  '--duplicates',
  '--host',
  '--ignore',
  '--in-interface',
  '--iptables-localhost-nodeports',
  '--load-balancer-range',
  '--lock',
  '--no-allocate',
  '--node-ip',
  '--nodeport-addresses',
  '--noflush',
  '--out-interface',
  '--output',
  '--output-dir',
  '--pod-cidr',
  '--proxy-port-range',
  '--script',
  '--service-cluster-ip-range',
  '--service-node-port-range',
  '--synthesize-pods',
]);

/** Whole hints, by code, where the page has another way than what the flag does. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['node-name-given', 'choose a Node above: those that the manifests name are there'],
  ['node-address-known', 'add the Node object that has its addresses, and choose it as Node above'],
]);

/** What is quoted is a text of the user, or a command that has its own flags. */
const QUOTED_OR_FLAG = /"(?:[^"\\\n]|\\.)*"|(?<![\w-])--[a-z][a-z-]*[a-z]/g;

/** A text of svcgen with the page's controls in place of flags. */
export function inOwnWords(text: string): string {
  return text.replaceAll(QUOTED_OR_FLAG, (found) => {
    const control = CONTROLS.get(found);
    if (control !== undefined) return `"${control}"`;
    return BEYOND.has(found) ? `${found} (on the command line)` : found;
  });
}

/** The same of a diagnostic. */
export function findingInOwnWords(each: Diagnostic): Diagnostic {
  const hint = HINTS.get(each.code) ?? each.hint;
  return {
    ...each,
    message: inOwnWords(each.message),
    ...(hint === undefined ? {} : { hint: inOwnWords(hint) }),
  };
}

/** The same of the answer to a question: its rules are spelled as they are. */
export function answerInOwnWords(explanation: Explanation): Explanation {
  const { verdict, notes } = explanation;
  return {
    ...explanation,
    verdict: { ...verdict, text: inOwnWords(verdict.text) },
    notes: notes.map(inOwnWords),
  };
}
