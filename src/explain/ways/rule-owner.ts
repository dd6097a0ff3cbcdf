import type { Hook, TracedRule } from '../../lang/packet/rules.ts';
import { TABLE_NAME } from '../../render/nftables/vocabulary.ts';
import { knownChain } from '../../render/own-chains.ts';
import { RULE_PROGRAMS, type RuleProgram } from './rule-programs.ts';

/** kube-proxy, and svcgen, whose rules are like its. */
export const PROXY_NAME = 'kube-proxy';

const KUBE_PROXY: RuleProgram = {
  name: PROXY_NAME,
  chains: /^KUBE-/,
  advice: 'see its endpoints and loadBalancerSourceRanges: kubectl get service,endpointslices -o yaml',
};

/** Whose a rule is, by the name of its chain, or in a chain of the kernel by what it says; undefined: nobody knows. */
export function ownerOfRule({
  table,
  chain,
  comment,
  text,
}: Pick<TracedRule, 'table' | 'chain' | 'comment' | 'text'>): RuleProgram | undefined {
  const name = withoutFamily(table);
  if (name === TABLE_NAME) return KUBE_PROXY;
  const owner =
    RULE_PROGRAMS.find(({ tables }) => tables?.test(name) === true) ??
    RULE_PROGRAMS.find(({ chains }) => chains.test(chain));
  if (owner !== undefined) return owner;
  if (knownChain(chain) !== undefined) return KUBE_PROXY;
  const said = `${text()} ${comment ?? ''}`;
  return RULE_PROGRAMS.find((each) => each.text?.test(said));
}

/** `inet firewalld` as `firewalld`. */
function withoutFamily(table: string): string {
  return table.slice(table.lastIndexOf(' ') + 1);
}

/** A reason of kube-proxy's with the Service that it is about: one rule of nftables is for all of them. */
export function reasonAbout(
  reason: string,
  owner: RuleProgram | undefined,
  service: string | undefined,
): string {
  if (owner !== KUBE_PROXY || service === undefined) return reason;
  return reason
    .replace(/^there are no endpoints/, `${service} has no endpoints`)
    .replace(/loadBalancerSourceRanges$/, `loadBalancerSourceRanges of ${service}`);
}

/** What to do about a connection that a rule refuses, as far as its reason or its owner tells. */
export function adviceOn(reason: string, owner: RuleProgram | undefined): string | undefined {
  if (owner !== KUBE_PROXY) return owner?.advice;
  const [, namespace, name] = /\b([a-z0-9-]+)\/([a-z0-9-]+)/.exec(reason) ?? [];
  if (name === undefined) return owner.advice;
  if (reason.includes('loadBalancerSourceRanges'))
    return `see if spec.loadBalancerSourceRanges has the client, and if a pod of it is ready here: kubectl -n ${namespace} get service ${name} -o yaml`;
  if (reason.includes('on this node'))
    return `take a node that has a ready pod of it, or set its traffic policy to Cluster: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name} -o wide`;
  if (reason.includes('no endpoints'))
    return `find out why no pod of it is ready: kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}, and kubectl -n ${namespace} describe service ${name}`;
  return owner.advice;
}

/** Programs that set the policy of a chain of the kernel to DROP, told by chains of theirs in the same table. */
const POLICY_OWNERS: readonly { readonly name: string; readonly has: string; readonly advice: string }[] = [
  {
    name: 'ufw',
    has: 'ufw-before-input',
    advice:
      '"ufw route allow" lets forwarded traffic through, "ufw allow" what is for the node itself (DEFAULT_FORWARD_POLICY and DEFAULT_INPUT_POLICY in /etc/default/ufw)',
  },
  {
    name: 'CSF',
    has: 'LOGDROPIN',
    advice:
      'CSF sets it: accept the traffic of pods in /etc/csf/csfpost.sh (iptables -I FORWARD …), which it runs behind its own rules',
  },
  {
    name: 'Docker',
    has: 'DOCKER-USER',
    advice:
      'Docker sets it when it switches forwarding on: accept the traffic of pods in chain DOCKER-USER, or iptables -P FORWARD ACCEPT',
  },
  {
    name: 'Docker',
    has: 'DOCKER',
    advice: 'Docker sets it when it switches forwarding on: iptables -P FORWARD ACCEPT',
  },
];

/** What to do about a policy, whoever has set it. */
const POLICY_ADVICE: Readonly<Partial<Record<Hook, string>>> = {
  FORWARD: 'accept there what pods send, and what goes to pods',
  INPUT: 'accept there what is for this port',
  OUTPUT: 'accept there what the node sends to pods and Services',
};

/** Who may have set the policy of a base chain, and what to do about it. @param hasChain whether its table has a chain */
export function ownerOfPolicy(
  hook: Hook,
  hasChain: (name: string) => boolean,
): { readonly name?: string; readonly advice?: string } {
  const found = POLICY_OWNERS.filter(
    ({ name, has }) => hasChain(has) && (name !== 'Docker' || hook === 'FORWARD'),
  );
  const [first, second] = found;
  if (first?.name === 'ufw' && second !== undefined) return { name: 'ufw or Docker', advice: first.advice };
  const advice = POLICY_ADVICE[hook];
  return first ?? (advice === undefined ? {} : { advice });
}
