import { expect, test } from 'vitest';
import { shadowedIn } from '../../src/explain/notes/shadowed-services.ts';
import { readSavedRules } from '../../src/lang/iptables/read/read-saved-rules.ts';
import type { SavedChain, SavedTable } from '../../src/lang/iptables/ruleset.ts';
import { sourceText } from '../../src/model/source-text.ts';

const RULES = `*nat
:KUBE-NODEPORTS - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-EXT-67NZLRHBNDSAWJRO - [0:0]
:KUBE-SVC-67NZLRHBNDSAWJRO - [0:0]
-A KUBE-NODEPORTS -p tcp -m comment --comment "shop/web:http" -m tcp --dport 30080 -j KUBE-EXT-67NZLRHBNDSAWJRO
-A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-67NZLRHBNDSAWJRO
COMMIT
`;

/** Nobody waits for a quarter of a million rules to be read of which one counts. */
function withoutAllRules(chain: SavedChain): SavedChain {
  return {
    ...chain,
    get rules(): never {
      throw new Error(`all rules of ${chain.name} were read`);
    },
  };
}

function withoutAll(table: SavedTable): SavedTable {
  const { checklist, rulesWith } = table.chains;
  const chains = new Map(Array.from(table.chains, ([name, chain]) => [name, withoutAllRules(chain)]));
  return { ...table, chains: Object.assign(chains, { checklist, rulesWith }) };
}

test.each([
  ['10.96.7.7', 80, '10.96.7.7:80 of shop/web:http (line 7)'],
  ['192.0.2.1', 30080, 'nodePort 30080 of shop/web:http (line 6)'],
  ['10.96.7.7', 81, undefined],
])('names what %s port %d is for, and reads no other rules', (destination, port, expected) => {
  const { tables } = readSavedRules(sourceText('node.rules', RULES));
  const unknown = { client: undefined, target: undefined } as const;
  const connection = {
    protocol: 'tcp',
    source: '192.0.2.9',
    origin: 'outside',
    destination,
    port,
    ...unknown,
  } as const;
  expect(shadowedIn(tables.map(withoutAll), connection)).toBe(expected);
});
