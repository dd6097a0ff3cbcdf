import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../../diagnostic/report.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { cutOffLine } from '../../iptables/read/problems.ts';
import { type OutsideLines, readSavedRules, type SavedRules } from '../../iptables/read/read-saved-rules.ts';
import type { SavedTable } from '../../iptables/ruleset.ts';
import type { SavedRulesCode } from '../../text/codes.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import type { SavedIPVS, SavedRealServer, SavedServer } from '../ruleset.ts';
import {
  plainRealServer,
  readRealServer,
  readServer,
  readService,
  type ServiceKey,
} from './read-server-line.ts';
import { type OpenSet, readAdded, readSet, setOf } from './read-set-line.ts';
import { isWrong, readWords, type WordedLine, type Wrong, wrongWord } from './words.ts';

/** All that the text of a node holds. */
export interface SavedNode extends SavedRules {
  readonly ipvs: SavedIPVS;
}

interface OpenServer extends Omit<SavedServer, 'realServers'> {
  readonly realServers: SavedRealServer[];
}

interface Reading {
  readonly sets: Map<string, OpenSet>;
  readonly servers: Map<string, OpenServer>;
  /** There were virtual servers, if only of marks. */
  hasServers: boolean;
}

/** More than a node can have: each takes a kilobyte of memory here, and a chain or a port there. */
const MAX_SERVERS = 2 ** 17;

/** The kernel numbers sets with 16 bits, and the last number means none (IPSET_INVALID_ID, linux/netfilter/ipset/ip_set.h). */
const MAX_SETS = 65_535;

const SET_LINE = /^(?:create|add) /;
const SERVER_LINE = /^-[Aa] (?:-[tuf]|--sctp-service)(?: |$)/;

/**
 * Reads what `iptables-save`, `ipset save` and `ipvsadm --save --numeric` printed, one after the other, in any order:
 * lines tell themselves apart.
 */
export function readSavedNode(source: SourceText): SavedNode {
  const reading: Reading = { sets: new Map(), servers: new Map(), hasServers: false };
  const { tables, diagnostics } = readSavedRules(source, outsideLines(source, reading));
  const { sets, servers, hasServers } = reading;
  const ipvs = {
    sets: sets.size === 0 ? undefined : sets,
    virtualServers: hasServers ? [...servers.values()] : undefined,
  };
  return { tables, diagnostics, ipvs };
}

function outsideLines(source: SourceText, reading: Reading): OutsideLines {
  return {
    isLine: (text) => SET_LINE.test(text) || SERVER_LINE.test(text),
    read: (place) => readLine(source, reading, place),
  };
}

function readLine(source: SourceText, reading: Reading, place: LinePlace): Diagnostic | undefined {
  if (readPlainServer(source, reading, place)) return undefined;
  const line = readWords(source, place);
  const isSet = SET_LINE.test(line.text);
  const tool = isSet ? 'ipset save' : 'ipvsadm --save --numeric';
  // Its end may be missing, and still look well.
  if (place.end === source.text.length) return cutOffLine(source, { place, tool });
  const wrong = isSet ? readSetLine(reading, line) : readServerLine(reading, line);
  return wrong === undefined ? undefined : wrongWord(source, tool, wrong);
}

/**
 * Reads a real server as nearly all are: to take a million lines apart takes seconds.
 * @returns whether the line is one, of a virtual server that is known
 */
function readPlainServer({ text: all }: SourceText, { servers }: Reading, place: LinePlace): boolean {
  const text = all.slice(place.start, place.end);
  const plain = place.end < all.length ? plainRealServer(text, place.line) : undefined;
  const server = plain && servers.get(textOf(plain.service));
  if (plain === undefined || server === undefined) return false;
  server.realServers.push(plain.realServer);
  return true;
}

function readSetLine({ sets }: Reading, line: WordedLine): Wrong | undefined {
  if (line.text.startsWith('create ')) {
    const set = readSet(line);
    if (isWrong(set)) return set;
    const earlier = sets.get(set.name);
    if (earlier !== undefined)
      return { at: wordAt(line, 1), expected: `each set once (line ${earlier.line})` };
    if (sets.size === MAX_SETS)
      return { at: wordAt(line, 1), expected: `at most ${MAX_SETS} sets, as the kernel has no more` };
    sets.set(set.name, set);
    return undefined;
  }
  const set = setOf(line, sets);
  if (isWrong(set)) return set;
  const element = readAdded(line, set);
  if (element === undefined) return undefined;
  if (isWrong(element)) return element;
  set.elements.push(element);
  return undefined;
}

function readServerLine(reading: Reading, line: WordedLine): Wrong | undefined {
  const key = readService(line);
  reading.hasServers = true;
  if (key === undefined || isWrong(key)) return key;
  const earlier = reading.servers.get(textOf(key));
  if (line.text.startsWith('-A')) {
    if (earlier !== undefined) {
      return { at: wordAt(line, 2), expected: `each virtual server once (line ${earlier.line})` };
    }
    const server = readServer(line, key);
    if (isWrong(server)) return server;
    if (reading.servers.size === MAX_SERVERS)
      return { at: wordAt(line, 2), expected: `at most ${MAX_SERVERS} virtual servers` };
    reading.servers.set(textOf(key), { ...server, realServers: [] });
    return undefined;
  }
  if (earlier === undefined)
    return { at: wordAt(line, 2), expected: 'a virtual server that a line "-A" above makes' };
  const realServer = readRealServer(line);
  if (isWrong(realServer)) return realServer;
  earlier.realServers.push(realServer);
  return undefined;
}

function wordAt({ words, behind }: WordedLine, index: number) {
  return words[index] ?? behind;
}

function textOf({ protocol, ip, port }: ServiceKey): string {
  return `${protocol} ${ip} ${port}`;
}

/**
 * Warnings for what the text of a node in ipvs mode has none of. Tools print nothing where there is nothing, so beside sets
 * or virtual servers the rest is taken to be missing.
 */
export function checkIPVSParts(
  { sets, virtualServers }: SavedIPVS,
  tables: readonly SavedTable[],
): readonly Diagnostic[] {
  if (sets === undefined && virtualServers === undefined) return [rulesAlone()];
  const parts = [
    { what: 'rules', isThere: tables.length > 0, program: 'iptables-save' },
    { what: 'sets', isThere: sets !== undefined, program: 'ipset save' },
    { what: 'virtual servers', isThere: virtualServers !== undefined, program: 'ipvsadm-save -n' },
  ];
  return parts
    .filter(({ isThere }) => !isThere)
    .map(({ what, program }) =>
      aboutRun<SavedRulesCode>({
        code: 'saved-rules-complete',
        severity: 'warning',
        message: `the text of the node holds no ${what}: all of ours are taken to be missing`,
        hint: `add the output of "${program}", unless it prints nothing: ${ALL_PARTS}`,
      }),
    );
}

const ALL_PARTS = '{ iptables-save; ipset save; ipvsadm-save -n; }';

function rulesAlone(): Diagnostic {
  return aboutRun<SavedRulesCode>({
    code: 'saved-rules-complete',
    severity: 'warning',
    message: 'the text of the node holds neither sets nor virtual servers, so only rules are compared',
    hint: `give all that ipvs mode has: ${ALL_PARTS}`,
  });
}
