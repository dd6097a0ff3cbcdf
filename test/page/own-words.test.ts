import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inOwnWords } from '../../page/own-words.ts';

test.each([
  [
    'add --node with the Node object that has its addresses',
    'add "Node" with the Node object that has its addresses',
  ],
  ['add --from ADDRESS or --node-ip', 'add "From" ADDRESS or --node-ip (on the command line)'],
  ['"--node" is no name, see "svcgen diff --node n1"', '"--node" is no name, see "svcgen diff --node n1"'],
  ['firewall-cmd --list-all-zones, NETMAP --to-ports', 'firewall-cmd --list-all-zones, NETMAP --to-ports'],
])('%s', (text, expected) => {
  expect(inOwnWords(text)).toBe(expected);
});

/**
 * What people get to see on the command line alone: commands that the page has not, texts for root, descriptions of codes, and words
 * of rules, which name a setting of kube-proxy.
 */
const NOT_IN_PAGE =
  /^(?:cli|expect|lang)\/|codes\.ts$|generated|^validate\/rules\/|^render\/(?:script|env)\/|meanings\.ts$|^library\/(?:print-pictures|test-traffic|compile-every-node|node-files)|^diagnostic\/print-/;

/** Every text of code below a folder of src, without comments and without commands, which have flags of their own. */
function codeIn(folder: string, isWanted: (path: string) => boolean): string {
  return readdirSync(join('src', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && isWanted(name))
    .map((name) => readFileSync(join('src', folder, name), 'utf8'))
    .join('\n')
    .replaceAll(/^ *(?:\/\/|\*|\/\*).*$|\bsvcgen [a-z]+ --[a-z]+/gm, '');
}

test('every flag that a message names is one of the page, or said to be beyond it', () => {
  const options = codeIn('cli', (path) => /^(?:options|commands)\//.test(path));
  const known = new Set(
    [...options.matchAll(/['`](?:-\w, )?(--[a-z][a-z-]*[a-z])/g)].map(([, flag]) => flag),
  );
  expect(known.size).toBeGreaterThan(60);
  const code = codeIn('', (path) => !NOT_IN_PAGE.test(path));
  const named = [...code.matchAll(/(?<![\w-])--[a-z][a-z-]*[a-z]/g)].map(([flag]) => flag);
  const ofMessages = [...new Set(named)].filter((flag) => known.has(flag));
  expect(ofMessages.length).toBeGreaterThan(20);
  expect(ofMessages.filter((flag) => inOwnWords(flag) === flag)).toEqual([]);
});
