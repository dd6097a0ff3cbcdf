import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { listingOfJson } from '../../../src/lang/nftables/read/json-ruleset.ts';
import {
  hasTooManyValues,
  MOST_JSON,
  MOST_VALUES,
  readRuleset,
} from '../../../src/lang/nftables/read/read-ruleset.ts';
import { sourceText } from '../../../src/model/source-text.ts';

/** What nft 1.0.6 printed of the same rules, with and without `-j`. */
const listing = readFileSync('test/lang/nftables/listings/others.rules', 'utf8');
const json = readFileSync('test/lang/nftables/listings/others-json.rules', 'utf8');

/** What nft spells in another way, or leaves out of its JSON, and that makes no difference to a reader. */
const OTHERWISE =
  /limit|tcp flags|meta hour|timeout|priority|^(?:reject|size|flags|typeof|packets|counter cc|elements|\}|type .*:)|^"|^\d|^$/;

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/counter packets \d+ bytes \d+/g, 'counter'))
    .filter((line) => !OTHERWISE.test(line));
}

describe('what nft prints as JSON', () => {
  test('is the same rules as what it prints without', () => {
    expect(linesOf(listing).length).toBeGreaterThan(70);
    expect(linesOf(listingOfJson(json) ?? '')).toEqual(linesOf(listing));
  });

  test('elements, limits and bits', () => {
    const text = listingOfJson(json);
    for (const part of [
      '\t\ttype ifname . inet_proto : verdict\n\t\telements = { "eth0" . tcp : accept }\n',
      '\t\telements = { 10.0.0.1 . tcp . 80 comment "default/web" : goto c }\n',
      '\t\ttype filter hook forward priority -5; policy drop;\n',
      '\t\tlimit rate over 10 mbytes/second burst 5 kbytes drop\n',
      '\t\tupdate @aff { ip saddr timeout 60s }\n',
    ])
      expect(text).toContain(part);
  });

  test('laid out by another tool', () => {
    const pretty = JSON.stringify(JSON.parse(json), undefined, 4);
    expect(listingOfJson(pretty)).toBe(listingOfJson(json));
  });

  test.each([
    ['cut off', json.slice(0, 500)],
    ['no JSON of nft', '{"kind": "List"}'],
    ['a list of something else', '{"nftables": {}}'],
  ])('%s: nothing', (_, text) => {
    expect(listingOfJson(text)).toBe(undefined);
  });

  test('nothing in it can end a line, a string or a block', () => {
    const hostile = 'a"\n}\nchain x {\u2028';
    const rule = {
      family: 'ip',
      table: hostile,
      chain: hostile,
      comment: hostile,
      expr: [{ [hostile]: hostile }],
    };
    const text = listingOfJson(
      JSON.stringify({
        nftables: [
          { chain: { ...rule, name: hostile } },
          { rule },
          { set: { ...rule, name: hostile, elem: [hostile] } },
        ],
      }),
    );
    expect(text?.split('\n')).toHaveLength(11);
  });

  test('more values than rules of a node have are not read', () => {
    const text = `{"nftables":[${'{},'.repeat(MOST_VALUES / 2 - 2)}[[${'[],'.repeat(MOST_VALUES / 2 - 3)}[]]]]}`;
    expect(hasTooManyValues(json)).toBe(false);
    expect(hasTooManyValues(text)).toBe(false);
    expect(hasTooManyValues(`${text}[`)).toBe(true);
    const own = { table: 'kube-proxy', iptablesServices: 'KUBE-SERVICES' };
    const { diagnostics } = readRuleset(sourceText('node.json', `${text}{`), own);
    expect(diagnostics).toMatchObject([{ code: 'saved-rules-complete', severity: 'error' }]);
  });

  test('nor is more JSON than becomes text in reasonable memory', () => {
    const own = { table: 'kube-proxy', iptablesServices: 'KUBE-SERVICES' };
    const text = '{"nftables":[]}';
    const withLength = (length: number) => sourceText('node.json', text.padEnd(length));
    const [first] = readRuleset(withLength(MOST_JSON + 1), own).diagnostics;
    expect(first?.message).toContain('more than 25165824 characters of JSON');
    expect(readRuleset(withLength(MOST_JSON), own).isTooLarge).toBe(false);
  });
});
