import type { IPFamily } from '../../model/cluster.ts';

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

/**
 * Programs for `-m bpf --bytecode` that hold where a packet comes from the address that it goes to, spelled as
 * `iptables-save` prints them. The kernel lets them look at a packet from its IP header on.
 */
export const SOURCE_IS_DESTINATION: Readonly<Record<IPFamily, string>> = {
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
