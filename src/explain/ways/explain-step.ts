import { assertNever } from '../../diagnostic/invariant.ts';
import { count } from '../../diagnostic/report.ts';
import { ALL } from '../../lang/packet/fraction.ts';
import type { TracedRule } from '../../lang/packet/rules.ts';
import type { Step } from '../../lang/packet/way.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { ExplainedStep, RulePlace } from '../explanation.ts';
import { formatUnknown } from './format-place.ts';
import { formatChance } from './format-share.ts';
import { asksForSource, meaningOf } from './meaning-of.ts';

/** A step in words. */
export function explainStep(step: Step): ExplainedStep {
  switch (step.kind) {
    case 'rule':
      return {
        hook: step.hook,
        place: placeOf(step.rule),
        effect: step.branch.effect ?? '',
        words: wordsOf(step),
        given: step.given.map(formatUnknown),
      };
    case 'policy': {
      const { hook, base } = step;
      const { table, name: chain, policy } = base;
      const place = { table, chain, line: undefined, rule: undefined };
      return {
        hook,
        place,
        effect: policy.toUpperCase(),
        words: `no rule of ${table} ${chain} decides, and its policy is ${policy.toUpperCase()}`,
        given: [],
      };
    }
    case 'route':
      return { hook: undefined, place: undefined, effect: '', words: routeWords(step), given: [] };
    case 'schedule':
      return { hook: step.hook, place: undefined, effect: '', words: scheduleWords(step), given: [] };
    default:
      return assertNever(step);
  }
}

/** Where a rule stands, and how it is spelled. */
export function placeOf({ table, chain, line, text }: TracedRule): RulePlace {
  return { table, chain, line, rule: text() };
}

type StepOf<Kind> = Extract<Step, { readonly kind: Kind }>;

function wordsOf({ rule, branch }: StepOf<'rule'>): string | undefined {
  const chance = branch.share === ALL ? [] : [`by chance, ${formatChance(branch.share)}`];
  const wish = asksForSource(rule, branch) ? ['so the source is to be rewritten'] : [];
  const reason = [meaningOf(rule, branch) ?? [], wish].flat().join(', ');
  const words = [...chance, ...(reason === '' ? [] : [reason])].join(': ');
  return words === '' ? undefined : words;
}

function routeWords({ to, ip }: StepOf<'route'>): string {
  return to === 'node' ? `${ip} is the node itself` : `${ip} is no address of the node itself`;
}

function scheduleWords({
  server: { ip, port, scheduler, realServers, drained = 0, unclear, isProxy },
}: StepOf<'schedule'>): string {
  if (isProxy === true) {
    const which = scheduler === 'sh' ? 'the same one for a client' : 'in turn';
    return `the proxy on port ${port} connects to 1 of ${realServers.length}, ${which}; then, on failure, to one of the others`;
  }
  const server = `IPVS: virtual server ${joinHostPort(ip, port)}`;
  if (unclear !== undefined) return server;
  if (realServers.length === 0 && drained > 0)
    return `${server} sends no new connection to its ${count(drained, 'real server')}, since ${drained === 1 ? 'its weight is' : 'their weights are'} 0`;
  if (realServers.length === 0) return `${server} has no real servers`;
  return `${server} chooses among ${realServers.length} (scheduler ${scheduler})`;
}
