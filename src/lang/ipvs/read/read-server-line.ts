import type { Protocol } from '../../../model/cluster.ts';
import { parseIP } from '../../../model/ip.ts';
import { readNumber } from '../../text/numbers.ts';
import type { SavedRealServer, SavedServer } from '../ruleset.ts';
import type { Word, WordedLine, Wrong } from './words.ts';

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ['-t', 'TCP'],
  ['-u', 'UDP'],
  ['--sctp-service', 'SCTP'],
]);

/** How a virtual server is told from others. */
export type ServiceKey = Pick<SavedServer, 'protocol' | 'ip' | 'port'>;

/** Which virtual server a line is about; undefined: packets with a mark, whatever their address. */
export function readService({ words, behind }: WordedLine): ServiceKey | Wrong | undefined {
  const [, option = behind, at = behind] = words;
  if (option.text === '-f') return undefined;
  const protocol = PROTOCOLS.get(option.text);
  if (protocol === undefined) return { at: option, expected: '-t, -u, --sctp-service or -f' };
  const place = readPlace(at.text);
  return place === undefined ? noPlace(at) : { protocol, ...place };
}

function noPlace(at: Word): Wrong {
  return {
    at,
    expected: 'an address and port (10.96.0.1:80, [fd00::1]:80)',
    hint: 'save addresses and ports as numbers: "ipvsadm --save --numeric" (or "ipvsadm-save -n")',
  };
}

/** `10.96.0.1:80`, `[fd00::1]:80`. */
function readPlace(text: string): { readonly ip: string; readonly port: number } | undefined {
  const [, six, four, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = parseIP(six ?? four ?? '');
  const port = readNumber(digits, 65_535);
  if (address === undefined || port === undefined) return undefined;
  return (address.family === 'IPv6') === (six !== undefined) ? { ip: address.ip, port } : undefined;
}

/** What a line `-A …` says of its virtual server. */
export function readServer(
  { text, line, words, behind }: WordedLine,
  key: ServiceKey,
): Omit<SavedServer, 'realServers'> | Wrong {
  let scheduler: string | undefined;
  let persistenceSeconds: number | undefined;
  const others: string[] = [];
  for (let index = 3; index < words.length; index += 1) {
    const [word = behind, value = behind] = [words[index], words[index + 1]];
    if (word.text !== '-s' && word.text !== '-p') {
      others.push(word.text);
      continue;
    }
    index += 1;
    if (word.text === '-s') scheduler = value.text;
    else persistenceSeconds = readNumber(value.text, MAX_SECONDS);
    if (word.text === '-p' && persistenceSeconds === undefined) return { at: value, expected: 'seconds' };
  }
  if (scheduler === undefined || scheduler === '') return { at: behind, expected: 'a scheduler (-s rr)' };
  return { line, text, ...key, scheduler, persistenceSeconds, options: others.join(' ') };
}

const MAX_SECONDS = 0xffffffff;

/** The real server of a line `-a … -r ADDRESS:PORT -m -w WEIGHT`. */
export function readRealServer({ text, line, words, behind }: WordedLine): SavedRealServer | Wrong {
  let place: ReturnType<typeof readPlace>;
  let weight: number | undefined;
  let forwarding: string | undefined;
  const others: string[] = [];
  for (let index = 3; index < words.length; index += 1) {
    const [word = behind, value = behind] = [words[index], words[index + 1]];
    if (word.text === '-m' || word.text === '-g' || word.text === '-i') forwarding = word.text;
    else if (word.text === '-r') {
      index += 1;
      place = readPlace(value.text);
      if (place === undefined) return noPlace(value);
    } else if (word.text === '-w') {
      index += 1;
      weight = readNumber(value.text, MAX_WEIGHT);
      if (weight === undefined) return { at: value, expected: 'a weight' };
    } else others.push(word.text);
  }
  if (place === undefined) return { at: behind, expected: 'a real server (-r ADDRESS:PORT)' };
  if (forwarding === undefined) return { at: behind, expected: 'how packets are sent on (-m, -g or -i)' };
  if (weight === undefined) return { at: behind, expected: 'a weight (-w 1)' };
  const isTranslated = forwarding === '-m';
  const options = (isTranslated || forwarding === '' ? others : [forwarding, ...others]).join(' ');
  return { line, text, ...place, isTranslated, weight, options };
}

const MAX_WEIGHT = 65_535;

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const PLACE = `(${OCTET}(?:\\.${OCTET}){3}):(0|[1-9]\\d{0,3}|[1-5]\\d{4})`;
const PLAIN_REAL_SERVER = new RegExp(`^-a (-[tu]) ${PLACE} -r ${PLACE} -m -w (0|[1-9]\\d{0,3}|[1-5]\\d{4})$`);

/** A whole line as nearly all real servers of IPv4 have it: `-a -t 10.96.0.1:80 -r 10.244.1.2:8080 -m -w 1`. */
export function plainRealServer(
  text: string,
  line: number,
): { readonly service: ServiceKey; readonly realServer: SavedRealServer } | undefined {
  const [found, option = '', serviceIP = '', servicePort, ip = '', port, weight] =
    PLAIN_REAL_SERVER.exec(text) ?? [];
  const protocol = PROTOCOLS.get(option);
  if (found === undefined || protocol === undefined) return undefined;
  return {
    service: { protocol, ip: serviceIP, port: Number(servicePort) },
    realServer: {
      line,
      text,
      ip,
      port: Number(port),
      isTranslated: true,
      weight: Number(weight),
      options: '',
    },
  };
}
