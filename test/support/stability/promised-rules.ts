import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compile, load } from '../../../src/index.ts';
import { KUBERNETES_VERSIONS } from '../../../src/kubernetes/versions.ts';
import type { ProxyMode, RuleLayout } from '../../../src/model/proxy-config.ts';
import { runProgram } from '../run-program.ts';

/** Which manifests are rendered how: Services of every kind and both families; enough of them for trees; no SCTP. */
const RENDERED: readonly (readonly [fixture: string, mode: ProxyMode, layout: RuleLayout])[] = [
  ['ipvs', 'iptables', 'kube-proxy'],
  ['ipvs', 'iptables', 'compact'],
  ['compact-trees', 'iptables', 'compact'],
  ['ipvs', 'nftables', 'kube-proxy'],
  ['ipvs', 'nftables', 'compact'],
  ['ipvs', 'ipvs', 'kube-proxy'],
  ['userspace', 'userspace', 'kube-proxy'],
];

interface Rules {
  /** `ipvs 1.33 nftables compact nftables`: fixture, version, mode, layout, artifact. */
  readonly name: string;
  readonly text: string;
}

/** Rules of these versions in every mode and layout, without the scripts, which hold code of svcgen's own. */
function* rulesOf(versions: readonly string[]): Generator<Rules> {
  for (const [fixture, mode, layout] of RENDERED) {
    const path = `fixtures/valid/${fixture}/input.yaml`;
    const manifests = load([{ path, bytes: readFileSync(path) }]);
    for (const kubernetesVersion of versions) {
      const config = { mode, layout, kubernetesVersion, nodeName: 'node-a', clusterCIDRs: ['10.244.0.0/16'] };
      const { artifacts, diagnostics } = compile(manifests, config);
      if (artifacts === undefined) throw new Error(`${path}: ${diagnostics[0]?.message}`);
      for (const [artifact, { text }] of artifacts) {
        if (!artifact.endsWith('script'))
          yield { name: `${fixture} ${kubernetesVersion} ${mode} ${layout} ${artifact}`, text: text() };
      }
    }
  }
}

/** One digest for each text of rules: `ipvs 1.33 nftables compact nftables 0123456789abcdef`. */
export function ruleLines(): readonly string[] {
  return [...rulesOf(KUBERNETES_VERSIONS)].map(({ name, text }) => {
    const digest = createHash('sha256').update(text).digest('hex');
    return `${name} ${digest.slice(0, 16)}`;
  });
}

/** `KUBE-SVC-` and 16 characters that stand for a Service. */
const HASHED_NAME = /^(KUBE-[A-Z]+-)[A-Z2-7]{16}$/;

/** Chains, sets and tables that rules of ours have, without what stands for a Service or an endpoint. */
export function nameLines(): readonly string[] {
  const texts = [...rulesOf(KUBERNETES_VERSIONS.slice(-1))].map(({ text }) => text).join('\n');
  const names = [...texts.matchAll(/\bKUBE-[A-Z0-9-]+/g)].map(
    ([name]) => HASHED_NAME.exec(name)?.[1] ?? name,
  );
  const tables = [...texts.matchAll(/^add table (ip6? \S+)/gm)].map(([, table]) => table ?? '');
  return [...names, ...tables];
}

/** What `svcgen cleanup` takes for ours, as its script spells it: whole names, and how those with 16 characters begin. */
export async function cleanedNames(): Promise<readonly string[]> {
  const { stdout } = await runProgram(['cleanup']);
  const whole = [...stdout.matchAll(/fixed\["([^"]+)"\]|^(KUBE-\S+|ip6? \S+)$/gm)];
  const beginnings = [...stdout.matchAll(/chain ~ \/\^\(([^)]+)\)/g)].flatMap(([, all = '']) =>
    all.split('|'),
  );
  return [...whole.map(([, chain, other]) => chain ?? other ?? ''), ...beginnings];
}
