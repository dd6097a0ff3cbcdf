/** Translates what `iptables -L -n` (with or without `-v` and `--line-numbers`) prints to what `iptables-save` prints. */

/** What `iptables -v -S` adds to a rule, before its target. */
const COUNTERS = / -c \d{1,20} \d{1,20}(?= -[jg] \S{1,60}|$)/;

/** A rule of `iptables -S` as `iptables-save` prints it. */
export function specifiedRule(text: string): string {
  return text.replace(COUNTERS, '');
}

/** The columns of a chain, by their title line. */
export interface ListedColumns {
  readonly hasNumber: boolean;
  /** `-v`: counters and interfaces. */
  readonly isVerbose: boolean;
}

/** `Chain INPUT (policy ACCEPT 12 packets, 3K bytes)`, `Chain KUBE-SERVICES (2 references)`. */
const TITLE = /^Chain (\S+) \((?:policy (ACCEPT|DROP)\b[^)]*|\d+ references)\)$/;

/** A chain that begins, with its policy as `iptables-save` spells it. */
export function listedChain(text: string): { readonly name: string; readonly policy: string } | undefined {
  const [, name, policy = '-'] = TITLE.exec(text) ?? [];
  return name === undefined ? undefined : { name, policy };
}

/** What the title line of a chain's columns tells; undefined: it is none. */
export function listedColumns(text: string): ListedColumns | undefined {
  if (!/^(?:num +)?(?:pkts +bytes +)?target +prot +opt +(?:in +out +)?source +destination/.test(text))
    return undefined;
  return { hasNumber: text.startsWith('num'), isVerbose: / in +out /.test(text) };
}

/** As the column says it: names that iptables knows, or numbers. */
const PROTOCOL = /^(?:all|tcp|udp|sctp|icmp|icmpv6|ipv6-icmp|esp|ah|udplite|\d+)$/;

/** The opt column, which is empty for IPv6. */
const OPT = new Set(['--', '-f', '!f']);

interface ListedRow {
  /** undefined: the rule has none, and its column is empty. */
  readonly target: string | undefined;
  readonly protocol: string;
  /** Interfaces, if they are listed, source and destination. */
  readonly columns: readonly string[];
  readonly extra: string;
}

/** The columns of a row, told word by word, since some may be empty; undefined: it is none. */
function readRow(row: string, { isVerbose }: ListedColumns): ListedRow | undefined {
  const words = [...row.matchAll(/\S+/g)];
  const wordAt = (index: number) => words[index]?.[0] ?? '';
  const first = isVerbose ? 2 : 0;
  const hasTarget = !PROTOCOL.test(wordAt(first));
  const protocol = wordAt(hasTarget ? first + 1 : first);
  const afterProtocol = first + (hasTarget ? 2 : 1);
  const start = OPT.has(wordAt(afterProtocol)) ? afterProtocol + 1 : afterProtocol;
  const last = words[start + (isVerbose ? 3 : 1)];
  if (!PROTOCOL.test(protocol) || last === undefined) return undefined;
  return {
    target: hasTarget ? wordAt(first) : undefined,
    protocol,
    columns: words.slice(start, words.indexOf(last) + 1).map(([word]) => word),
    extra: row.slice(last.index + last[0].length).trimStart(),
  };
}

/** A rule as `iptables-save` would print it; undefined: it is none. */
export function listedRule(text: string, chain: string, columns: ListedColumns): string | undefined {
  const row = readRow(columns.hasNumber ? text.replace(/^\s*\d+\s+/, '') : text, columns);
  if (row === undefined) return undefined;
  const { target, protocol, extra } = row;
  const [inInterface, outInterface] = columns.isVerbose ? row.columns : [];
  const [source = '', destination = ''] = row.columns.slice(-2);
  return [
    `-A ${chain}`,
    ...address('-s', source),
    ...address('-d', destination),
    ...named('-i', inInterface),
    ...named('-o', outInterface),
    ...(protocol === 'all' || protocol === '0' ? [] : [`-p ${protocol}`]),
    ...translateExtra(extra, target),
  ].join(' ');
}

const ANY = new Set(['0.0.0.0/0', '::/0', 'anywhere']);

function address(option: string, value: string): readonly string[] {
  return ANY.has(value) ? [] : [negatable(option, value)];
}

function named(option: string, value = '*'): readonly string[] {
  return value === '*' || value === 'any' ? [] : [negatable(option, value)];
}

function negatable(option: string, value: string): string {
  return value.startsWith('!') ? `! ${option} ${value.slice(1)}` : `${option} ${value}`;
}

interface Phrase {
  readonly looks: RegExp;
  /** Arguments of a match, or of the target. */
  readonly is: 'match' | 'target';
  /** `$1` and so on stand for what was found. */
  readonly spelled: string;
}

/** What extensions print, as in their `print` functions (iptables, extensions/libxt_*.c). */
const PHRASES: readonly Phrase[] = [
  { looks: /^\/\* (.*?) \*\/ ?/, is: 'match', spelled: '-m comment --comment "$1"' },
  { looks: /^(tcp|udp|sctp) dpts?:(!?)(\S+) ?/, is: 'match', spelled: '-m $1 $2 --dport $3' },
  { looks: /^(tcp|udp|sctp) spts?:(!?)(\S+) ?/, is: 'match', spelled: '-m $1 $2 --sport $3' },
  { looks: /^(tcp|udp|sctp)(?= |$) ?/, is: 'match', spelled: '-m $1' },
  {
    looks: /^multiport (dports|sports|ports) (!?) ?(\S+) ?/,
    is: 'match',
    spelled: '-m multiport $2 --$1 $3',
  },
  { looks: /^mark match (!?) ?(\S+) ?/, is: 'match', spelled: '-m mark $1 --mark $2' },
  { looks: /^(!?) ?ctstate (\S+) ?/, is: 'match', spelled: '-m conntrack $1 --ctstate $2' },
  { looks: /^(!?) ?state (\S+) ?/, is: 'match', spelled: '-m state $1 --state $2' },
  {
    looks: /^statistic mode random probability (\S+) ?/,
    is: 'match',
    spelled: '-m statistic --mode random --probability $1',
  },
  {
    looks: /^ADDRTYPE match (!?) ?(src|dst)-type (!?) ?(\S+) ?/,
    is: 'match',
    spelled: '-m addrtype $1 $3 --$2-type $4',
  },
  { looks: /^(!?) ?match-set (\S+) (\S+) ?/, is: 'match', spelled: '-m set $1 --match-set $2 $3' },
  { looks: /^PHYSDEV match (!?) ?--physdev-is-in ?/, is: 'match', spelled: '-m physdev $1 --physdev-is-in' },
  {
    looks: /^recent: (CHECK|UPDATE) seconds: (\d+) reap name: (\S+) side: source mask: (\S+) ?/,
    is: 'match',
    spelled: '-m recent --$1 --seconds $2 --reap --name $3 --mask $4 --rsource',
  },
  {
    looks: /^recent: SET name: (\S+) side: source mask: (\S+) ?/,
    is: 'match',
    spelled: '-m recent --set --name $1 --mask $2 --rsource',
  },
  { looks: /^MARK or (0x[0-9a-f]+) ?/, is: 'target', spelled: '--set-xmark $1/$1' },
  { looks: /^MARK xor (0x[0-9a-f]+) ?/, is: 'target', spelled: '--set-xmark $1/0x0' },
  { looks: /^MARK (?:xset|set) (0x[0-9a-f]+\/0x[0-9a-f]+) ?/, is: 'target', spelled: '--set-xmark $1' },
  { looks: /^MARK set (0x[0-9a-f]+) ?/, is: 'target', spelled: '--set-xmark $1/0xffffffff' },
  { looks: /^reject-with (\S+) ?/, is: 'target', spelled: '--reject-with $1' },
  { looks: /^random-fully ?/, is: 'target', spelled: '--random-fully' },
];

/** What the rest of a row says of matches and of the target. What is not known stays as it is, as a match that nobody can decide. */
function translateExtra(extra: string, target: string | undefined): readonly string[] {
  const matches: string[] = [];
  const options: string[] = [];
  let rest = extra.trim();
  const isGoto = /^\[goto\] /.test(rest);
  if (isGoto) rest = rest.replace(/^\[goto\] /, '');
  while (rest !== '') {
    const phrase = PHRASES.find(({ looks }) => looks.test(rest));
    const to = /^to:(\S+) ?/.exec(rest);
    if (to !== null) options.push(`${target === 'SNAT' ? '--to-source' : '--to-destination'} ${to[1]}`);
    else if (phrase !== undefined) {
      const spelled = rest
        .slice(0, phrase.looks.exec(rest)?.[0].length)
        .replace(phrase.looks, phrase.spelled);
      (phrase.is === 'match' ? matches : options).push(spelledOut(spelled));
    } else {
      matches.push(`-m "${rest.replaceAll('"', "'")}"`);
      break;
    }
    rest = rest.slice((to ?? phrase?.looks.exec(rest))?.[0].length).trim();
  }
  if (target === undefined) return matches;
  return [...matches, `${isGoto ? '-g' : '-j'} ${target}`, ...options];
}

/** Options are lower case, and an empty `!` is no word. */
function spelledOut(text: string): string {
  return text.replace('--CHECK', '--rcheck').replace('--UPDATE', '--update').replace(/ {2,}/g, ' ').trim();
}
