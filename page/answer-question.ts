import {
  type Diagnostic,
  type Explanation,
  explain,
  hasErrors,
  noColors,
  printPretty,
  printPrettyExplanation,
} from '../src/index.ts';
import { joinHostPort } from '../src/model/ip.ts';
import { answerInOwnWords, findingInOwnWords } from './own-words.ts';
import type { Lit, Request } from './protocol.ts';
import type { Input } from './tab-text.ts';

/** What becomes of the connection that is asked about. */
interface Answered {
  readonly text: string;
  readonly isExplained: boolean;
  readonly findings: readonly Diagnostic[];
  readonly lit: Lit | undefined;
}

const NOT_ASKED: Answered = { text: '', isExplained: false, findings: [], lit: undefined };

/** Explains a connection: over the rules that were pasted, where there are some, else over ours. */
export function answerQuestion({ question }: Request, { loaded, options, dumps }: Input): Answered {
  if (question === undefined || question.to.trim() === '' || (loaded === undefined && dumps.length === 0))
    return NOT_ASKED;
  const [first] = dumps;
  const rules = first && { path: first.path, text: dumps.map(({ text }) => text).join('\n') };
  const { from, to } = question;
  const { families: [family] = [], mode, layout, ...rest } = options;
  const { explanation, diagnostics } = explain(loaded, {
    ...rest,
    // Rules of a node tell what they are themselves.
    ...(rules === undefined ? { mode, layout } : {}),
    rules,
    family,
    to: to.trim(),
    from: from.trim() === '' ? undefined : from.trim(),
  });
  if (explanation === undefined) {
    const errors = diagnostics.filter((each) => hasErrors([each])).map(findingInOwnWords);
    const text = [...printPretty(errors, { colors: noColors })].join('');
    return { text, isExplained: false, findings: [], lit: undefined };
  }
  const text = printPrettyExplanation(answerInOwnWords(explanation), { colors: noColors, isVerbose: false });
  return { text, isExplained: true, findings: [], lit: litOf(explanation, rest.nodeName) };
}

const CLIENTS = { outside: 'outside', pod: 'pods', node: 'node' } as const;

/** What lights up. A picture of no node in particular has the pods of all nodes in one box. */
function litOf({ connection, path, ways }: Explanation, nodeName: string | undefined): Lit {
  const { destination, port, target = '', origin, client = '' } = connection;
  const isPod = nodeName === undefined && /^(?:a )?pod\b/.test(client);
  const steps = [...path, ...ways.flatMap((way) => way.path)];
  const rules = steps.flatMap(({ place }) =>
    place === undefined ? [] : [{ chain: place.chain, rule: place.rule ?? '', line: place.line }],
  );
  const served = ways.filter(({ result }) => result === 'endpoint');
  return {
    service: / of (\S+?\/[^:\s]+)/.exec(target)?.[1] ?? '',
    client: isPod ? CLIENTS.pod : CLIENTS[origin],
    targets: [joinHostPort(destination, port), `*:${port}`],
    endpoints: served.map((way) => joinHostPort(way.destination, way.port)),
    isRefused: served.length === 0,
    rules: [...new Map(rules.map((each) => [`${each.chain} ${each.rule} ${each.line}`, each])).values()],
  };
}
