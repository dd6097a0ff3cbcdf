import type { IPFamily } from '../../../model/cluster.ts';
import { quoteBytecode } from '../../text/quote.ts';
import { onlyValue } from '../read/options.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, test } from './match-kind.ts';

/** `-m bpf --bytecode`, of a small program that looks: the packet goes to the address that it comes from. */
export interface SelfMatch {
  readonly kind: 'source-is-destination';
  readonly family: IPFamily;
}

const SOURCE_IS_DESTINATION: MatchKind<SelfMatch> = {
  print: ({ family }) => ` -m bpf --bytecode ${quoteBytecode(PROGRAMS[family])}`,
  asks: () => test(({ source, destination }) => source === destination),
};

const readBytecode: ModuleReader<SelfMatch> = (words) => {
  const option = onlyValue(words, '--bytecode');
  const family = (['IPv4', 'IPv6'] as const).find((each) => PROGRAMS[each] === option?.value);
  if (family === undefined || option?.not.negated === true) return undefined;
  return { kind: 'source-is-destination', family };
};

/** An instruction of classic BPF: operation, instructions to skip where it holds and where not, operand. */
type Instruction = readonly [operation: number, whenTrue: number, whenFalse: number, operand: number];

/** Operations of the kernel's `linux/bpf_common.h`: what they are made of is added up. */
const LOAD_WORD = 0x20;
const COPY_TO_INDEX = 0x07;
const JUMP_IF_INDEX = 0x1d;
const RETURN = 0x06;

/** Where an IP header has its addresses, and how many words of 4 bytes they take. */
const ADDRESSES = {
  IPv4: { source: 12, destination: 16, words: 1 },
  IPv6: { source: 8, destination: 24, words: 4 },
} as const;

/** As `iptables-save` spells them. The kernel lets them look at a packet from its IP header on. */
const PROGRAMS: Readonly<Record<IPFamily, string>> = {
  IPv4: spell(compareAddresses('IPv4')),
  IPv6: spell(compareAddresses('IPv6')),
};

/** Word by word; the first that differs leads to the last instruction, past the comparisons that are left. */
function compareAddresses(family: IPFamily): readonly Instruction[] {
  const { source, destination, words } = ADDRESSES[family];
  const comparisons = Array.from({ length: words }, (_, word): readonly Instruction[] => [
    [LOAD_WORD, 0, 0, source + 4 * word],
    [COPY_TO_INDEX, 0, 0, 0],
    [LOAD_WORD, 0, 0, destination + 4 * word],
    [JUMP_IF_INDEX, 0, 4 * (words - 1 - word) + 1, 0],
  ]);
  return [...comparisons.flat(), [RETURN, 0, 0, 0xffff], [RETURN, 0, 0, 0]];
}

function spell(program: readonly Instruction[]): string {
  return [program.length, ...program.map((instruction) => instruction.join(' '))].join(',');
}

/** Programs that look at a packet. */
export const BYTECODE_MATCHES: MatchFamily<SelfMatch> = {
  kinds: { 'source-is-destination': SOURCE_IS_DESTINATION },
  modules: { bpf: readBytecode },
};
