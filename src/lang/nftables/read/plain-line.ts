import type { ValueType } from '../elements/field.ts';
import type { SetType } from '../elements/set-type.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`;
const PORT = '(?:0|[1-9]\\d{0,3}|[1-5]\\d{4})';

/** How nft prints most values of a type. */
const PLAIN_KEYS: ReadonlyMap<ValueType, string> = new Map([
  ['address', ADDRESS],
  ['protocol', '(?:tcp|udp|sctp)'],
  ['port', PORT],
  ['number', '(?:0|[1-9]\\d{0,8})'],
]);

const PLAIN_VALUES: Readonly<Record<SetType['values'], string>> = {
  none: '',
  verdict: ' : (?:goto|jump) [^\\s"{},]{1,300}',
  address: ` : ${ADDRESS}`,
  destination: ` : ${ADDRESS} \\. ${PORT}`,
};

/** Before the value, as kube-proxy notes whom an element is about. */
const COMMENT = '(?: comment "[^"{},]{1,128}")?';

/** Keys of ours have up to four parts. */
const MOST_PARTS = 4;

/**
 * What matches lines with one element of IPv4, as nft prints nearly all of a large table of ours: they can be read, the text
 * of the element is the first group, and its key, which can be spelled in no other way, the second. To read 200,000 elements
 * only to see that takes half a second.
 */
export function plainLine({ key, values }: SetType): RegExp | undefined {
  const parts = key.flatMap((type) => PLAIN_KEYS.get(type) ?? []);
  if (parts.length < key.length || parts.length > MOST_PARTS) return undefined;
  return new RegExp(
    `^\\s*(?:elements = \\{ )?((${parts.join(' \\. ')})${COMMENT}${PLAIN_VALUES[values]})(?:,| \\})$`,
  );
}
