import { parseIP } from '../../../model/ip.ts';
import { setTest } from '../../ipvs/set-test.ts';
import { type L4Protocol, l4Protocol } from '../../packet/l4-protocol.ts';
import { readNumber } from '../../text/numbers.ts';
import { not } from '../quoting.ts';
import { readOptions } from '../read/options.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, type Negatable, test } from './match-kind.ts';

/** `-m set`: the set holds these of the packet's addresses and ports, in its own order of dimensions. */
interface SetMatch extends Negatable {
  readonly kind: 'set';
  readonly name: string;
  readonly dimensions: readonly ('src' | 'dst')[];
}

const SET: MatchKind<SetMatch> = {
  print: (match, { word }) =>
    ` -m set${not(match)} --match-set ${word(match.name)} ${match.dimensions.join(',')}`,
  asks: ({ name, dimensions }, { sets }) => test(setTest({ name, dimensions }, sets)),
};

const readSet: ModuleReader<SetMatch> = (words) => {
  const [option, ...others] = readOptions(words) ?? [];
  const [name, directions, ...rest] = option?.values ?? [];
  if (option?.name !== '--match-set' || name === undefined || directions === undefined) return undefined;
  const dimensions = directions.split(',').flatMap((each) => (each === 'src' || each === 'dst' ? each : []));
  if (dimensions.join(',') !== directions || rest.length + others.length > 0) return undefined;
  return { kind: 'set', name, dimensions, ...(option.negated ? { negated: true } : {}) };
};

/** `-m ipvs`: IPVS handles the packet's connection, for this virtual server. */
interface IPVSMatch {
  readonly kind: 'ipvs';
  readonly ip: string;
  readonly protocol: L4Protocol;
  readonly port: number;
}

const IPVS: MatchKind<IPVSMatch> = {
  print: ({ ip, protocol, port }, { word }) =>
    ` -m ipvs --vaddr ${word(ip)} --vproto ${protocol} --vport ${port}`,
  asks: ({ ip, protocol, port }) =>
    test(
      (packet) =>
        packet.isScheduled === true &&
        packet.protocol === protocol &&
        packet.original?.ip === ip &&
        packet.original.port === port,
    ),
};

/** iptables prints the number of the protocol, and leaves the length of a single address out. */
const readIPVS: ModuleReader<IPVSMatch> = (words) => {
  const options = readOptions(words) ?? [];
  if (options.length !== 3 || options.some(({ negated, values }) => negated || values.length !== 1))
    return undefined;
  const values = new Map(options.map(({ name, values: [value] }) => [name, value ?? '']));
  const ip = parseIP((values.get('--vaddr') ?? '').replace(/\/(?:32|128)$/, ''))?.ip;
  const protocol = l4Protocol(values.get('--vproto') ?? '');
  const port = readNumber(values.get('--vport'), 65_535);
  if (ip === undefined || protocol === undefined || port === undefined) return undefined;
  return { kind: 'ipvs', ip, protocol, port };
};

/** What is looked up in sets, and in virtual servers. */
export type LookupMatch = SetMatch | IPVSMatch;

/** The same, with all that is known of each. */
export const LOOKUP_MATCHES: MatchFamily<LookupMatch> = {
  kinds: { set: SET, ipvs: IPVS },
  modules: { set: readSet, ipvs: readIPVS },
};
