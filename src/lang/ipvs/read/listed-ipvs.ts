import { namedPort } from '../../packet/port-names.ts';

/** Translates what `ipset list` and `ipvsadm -Ln` print to what `ipset save` and `ipvsadm-save -n` print, line by line. */

/** Translates the lines of a text one after the other; undefined: a line says nothing of its own. */
export type LineTranslator = (text: string) => string | undefined;

/** Of one set, from `Name: …` to its last member. */
export function setTranslator(): LineTranslator {
  let name = '';
  let type = '';
  let header = '';
  let isMember = false;
  return (text) => {
    const [, title, value = ''] = /^(Name|Type|Header|Members): ?(.*)$/.exec(text) ?? [];
    switch (title) {
      case 'Name':
        name = value;
        isMember = false;
        return undefined;
      case 'Type':
        type = value;
        return undefined;
      case 'Header':
        header = value;
        return undefined;
      // Without members, nobody knows what the set holds.
      case 'Members':
        isMember = true;
        return `create ${name} ${type} ${header}`.trim();
      default:
        return isMember && text !== '' ? `add ${name} ${text}` : undefined;
    }
  };
}

const OPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({ TCP: '-t', UDP: '-u', SCTP: '--sctp-service', FWM: '-f' }),
);
const FORWARDING: ReadonlyMap<string, string> = new Map(
  Object.entries({ Masq: '-m', Route: '-g', Tunnel: '-i', Local: '-m' }),
);

/** Words that tell something; a server's counters follow. */
const MOST_WORDS = 6;

/** Of the servers that `ipvsadm -Ln` lists. */
export function serverTranslator(): LineTranslator {
  let service = '';
  return (text) => {
    const [first = '', place = '', third, fourth = ''] = text.split(/ +/, MOST_WORDS);
    const option = isConnection(text) ? undefined : OPTIONS.get(first);
    if (option !== undefined && third !== undefined && /^[a-z]/.test(third)) {
      service = `${option} ${numbered(place)}`;
      const seconds = /persistent (\d+)/.exec(text)?.[1];
      return `-A ${service} -s ${third}${seconds === undefined ? '' : ` -p ${seconds}`}`;
    }
    const forwarding = FORWARDING.get(third ?? '');
    const isServer = first === '->' && /:[^:]+$/.test(place) && /^\d+$/.test(fourth);
    return isServer && forwarding !== undefined
      ? `-a ${service} -r ${numbered(place)} ${forwarding} -w ${fourth}`
      : undefined;
  };
}

/** Without `-n`, ports have names. */
function numbered(place: string): string {
  return place.replace(/:([a-z][^:\]]*)$/, (named, name: string) => {
    const port = namedPort(name);
    return port === undefined ? named : `:${port}`;
  });
}

/** Whether a line begins what `ipset list` prints of a set. */
export function beginsSet(text: string): boolean {
  return /^Name: \S/.test(text);
}

/** Whether a line is one of those that `ipvsadm -Lnc` prints: it begins with a protocol, too. */
function isConnection(text: string): boolean {
  return /^(?:TCP|UDP|SCTP|IP) +\d+:\d\d +[A-Z]/.test(text);
}

/** Whether a line is one of those that `ipvsadm -Ln` prints. */
export function isListedServer(text: string): boolean {
  if (isConnection(text)) return false;
  return /^(?:IP Virtual Server version|Prot LocalAddress|-> RemoteAddress|(?:TCP|UDP|SCTP|FWM) +\S+ +[a-z]\S*|-> \S+:\S+ +(?:Masq|Route|Tunnel|Local) )/.test(
    text,
  );
}
