import type { Match } from '../../lang/iptables/matches/match.ts';
import { CHAINS } from './chains.ts';
import { comment } from './matches.ts';

/** A comment about a port of a Service, with its label (`default/web:http`) between these. */
interface LabelledComment {
  readonly before: string;
  readonly after: string;
}

const EXTERNAL = ' external destinations';

/** Comments of rules of iptables mode, in kube-proxy's words (1.34), by which a rule can be told from others. */
export const COMMENTS = {
  clusterIP: { before: '', after: ' cluster IP' },
  externalIP: { before: '', after: ' external IP' },
  loadBalancerIP: { before: '', after: ' loadbalancer IP' },
  nodePort: { before: '', after: '' },
  healthCheck: { before: '', after: ' health check node port' },
  masquerade: { before: 'masquerade traffic for ', after: EXTERNAL },
  masqueradeLocal: { before: 'masquerade LOCAL traffic for ', after: EXTERNAL },
  routePods: { before: 'pod traffic for ', after: EXTERNAL },
  routeLocal: { before: 'route LOCAL traffic for ', after: EXTERNAL },
  noEndpoints: { before: '', after: ' has no endpoints' },
  noLocalEndpoints: { before: '', after: ' has no local endpoints' },
  /** The name of the chain that lets source ranges through stands behind it. */
  notAdmitted: { before: '', after: ' traffic not accepted by ' },
  otherTraffic: { before: 'other traffic to ', after: ` will be dropped by ${CHAINS.proxyFirewall.name}` },
  forwarding: 'kubernetes forwarding rules',
  masquerading: 'kubernetes service traffic requiring SNAT',
  hairpin: 'kubernetes endpoints that reach themselves',
  loopback: 'block incoming localnet connections',
} as const satisfies Readonly<Record<string, LabelledComment | string>>;

export type CommentId = keyof typeof COMMENTS;

/** @param rest what stands behind it all */
export function commentAbout({ before, after }: LabelledComment, label: string, rest = ''): Match {
  return comment(before + label + after + rest);
}

/** Whom a comment is about: a label, "" where it is about all; undefined: it is another comment. */
export function labelIn(id: CommentId, text: string): string | undefined {
  const form: LabelledComment | string = COMMENTS[id];
  if (typeof form === 'string') return text === form ? '' : undefined;
  const { before, after } = form;
  const end = text.lastIndexOf(after);
  const isComment = text.startsWith(before) && end > before.length;
  const isWhole = id === 'notAdmitted' || end + after.length === text.length;
  return isComment && isWhole ? text.slice(before.length, end) : undefined;
}
