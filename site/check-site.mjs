import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** What a browser loads, or leads to: the address as it is written. */
const ADDRESS = /<(a|link|script|img|use)\b[^>]*?\s(?:href|src)="([^"]*)"/g;

/**
 * What is wrong with the links of a built site, a line each: files and anchors that are not there, addresses that only
 * work at the root of a server, and whatever would be loaded from another host.
 */
export function deadLinksOf(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  const pages = new Map(
    files
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  const anchors = new Map([...pages].map(([name, html]) => [name, anchorsOf(html)]));
  return [...pages].flatMap(([name, html]) =>
    [...html.matchAll(ADDRESS)].flatMap(([, element, address]) => {
      const problem = problemOf(
        { name, element, address: address.replaceAll('&amp;', '&') },
        new Set(files),
        anchors,
      );
      return problem === undefined ? [] : [`${name}: ${problem}: ${address}`];
    }),
  );
}

function anchorsOf(html) {
  return new Set([...html.matchAll(/\s(?:id|name)="([^"]*)"/g)].map(([, id]) => id));
}

function problemOf({ name, element, address }, files, anchors) {
  if (/^(?:data|blob|mailto):/.test(address)) return undefined;
  if (/^(?:https?:)?\/\//.test(address)) return element === 'a' ? undefined : 'is loaded from another host';
  if (address.startsWith('/')) return 'only works at the root of a server';
  const [path, anchor] = address.split('#');
  const target = path === '' ? name : normalize(join(dirname(name), decodeURI(path.replace(/\?.*/, ''))));
  if (!files.has(target)) return 'there is no such file';
  if (!anchor || !anchors.has(target)) return undefined;
  return anchors.get(target).has(decodeURIComponent(anchor)) ? undefined : 'there is no such anchor';
}
