import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../diagnostic/report.ts';
import { domainName } from '../../lang/text/quote.ts';
import type { RenderCode } from '../codes.ts';
import type { DnsRecord, DnsZone } from './record.ts';

export interface HostsBlock {
  readonly text: Iterable<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Service names and their addresses as a block of /etc/hosts between two marks. Every name comes in full, and as pods
 * write it: `web.default.svc` and `web.default`. A short form that two names would share is left out. ExternalName
 * Services, for which hosts files have no form, are comments; names of pods are left out.
 */
export function renderHosts({ origin, records }: DnsZone): HostsBlock {
  const own = records.filter(({ name }) => name.endsWith(`.svc.${origin}`));
  const shared = sharedAliases(own, origin);
  return {
    text: { [Symbol.iterator]: () => printBlock(own, origin, shared) },
    diagnostics: shared.size === 0 ? [] : [ambiguous([...shared])],
  };
}

function* printBlock(
  records: readonly DnsRecord[],
  origin: string,
  shared: ReadonlySet<string>,
): Generator<string> {
  yield `# BEGIN svcgen ${domainName(origin)}\n`;
  for (const record of records) {
    const { name } = record;
    if (record.type === 'A' || record.type === 'AAAA') {
      const aliases = aliasesOf(name, origin).filter((alias) => !shared.has(alias));
      yield `${record.address}\t${[name, ...aliases].map(domainName).join(' ')}\n`;
    } else if (record.type === 'CNAME') {
      yield `# ${domainName(name)} is another name of ${domainName(record.target)}\n`;
    }
  }
  yield `# END svcgen ${domainName(origin)}\n`;
}

/** `web.default.svc`, `web.default`. */
function aliasesOf(name: string, origin: string): readonly string[] {
  const withSvc = name.slice(0, -(origin.length + 1));
  return [withSvc, withSvc.slice(0, -'.svc'.length)];
}

/** In a namespace called `svc`, `a.b.svc` is both an endpoint of Service b and Service a of namespace b. */
function sharedAliases(records: readonly DnsRecord[], origin: string): ReadonlySet<string> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, type } of records) {
    if (type !== 'A' && type !== 'AAAA') continue;
    for (const alias of aliasesOf(name, origin)) {
      const owner = owners.get(alias);
      if (owner === undefined) owners.set(alias, name);
      else if (owner !== name) shared.add(alias);
    }
  }
  return shared;
}

function ambiguous(aliases: readonly string[]): Diagnostic {
  return aboutRun<RenderCode>({
    code: 'host-aliases-distinct',
    severity: 'warning',
    message: `short names that two Services or endpoints would share: ${listNames(aliases)}`,
    hint: 'they are left out; the full names are there',
  });
}
