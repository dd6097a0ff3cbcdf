import { readMasked } from '../../text/numbers.ts';
import { quoteWords } from '../../text/quote-words.ts';
import type { Action } from '../ruleset.ts';
import type { ArgumentGroup } from './arguments.ts';
import { onlyValue } from './options.ts';

/** Tells whether the table has a chain of this name. */
export type HasChain = (name: string) => boolean;

/** The answers that REJECT gives when nothing is said. */
const DEFAULT_ANSWERS: ReadonlySet<string> = new Set(['icmp-port-unreachable', 'icmp6-port-unreachable']);

/** What a rule does: `-j …` or `-g …`. */
export function readAction(group: ArgumentGroup, hasChain: HasChain): Action {
  return knownAction(group, hasChain) ?? unknown(group);
}

function unknown({ value, words }: ArgumentGroup): Action {
  return { kind: 'unknown', target: value, text: quoteWords(words) };
}

function knownAction(group: ArgumentGroup, hasChain: HasChain): Action | undefined {
  const { option, negated, value, rest } = group;
  if (negated) return undefined;
  if (hasChain(value)) {
    if (rest.length > 0) return undefined;
    return { kind: option === '-g' ? 'goto' : 'jump', chain: value };
  }
  if (option === '-g') return undefined;
  switch (value) {
    case 'ACCEPT':
      return rest.length === 0 ? { kind: 'accept' } : undefined;
    case 'DROP':
      return rest.length === 0 ? { kind: 'drop' } : undefined;
    case 'RETURN':
      return rest.length === 0 ? { kind: 'return' } : undefined;
    case 'REJECT':
      return readReject(rest);
    case 'MARK':
      return readSetMark(rest);
    case 'DNAT':
      return readDestination(rest);
    case 'MASQUERADE':
      return readMasquerade(rest);
    default:
      return undefined;
  }
}

function readReject(words: readonly string[]): Action | undefined {
  if (words.length === 0) return { kind: 'reject' };
  const option = onlyValue(words, '--reject-with');
  if (option === undefined || option.not.negated === true) return undefined;
  return DEFAULT_ANSWERS.has(option.value) ? { kind: 'reject' } : { kind: 'reject', with: option.value };
}

/** `--set-mark` clears the bits of its value too, so it is `--set-xmark` with a larger mask. */
function readSetMark(words: readonly string[]): Action | undefined {
  const xmark = onlyValue(words, '--set-xmark');
  const option = xmark ?? onlyValue(words, '--set-mark');
  const masked = option === undefined ? undefined : readMasked(option.value);
  if (masked === undefined || option?.not.negated === true) return undefined;
  const { value, mask } = masked;
  return { kind: 'set-mark', value, mask: xmark === undefined ? (mask | value) >>> 0 : mask };
}

/** One address and port; ranges, and what else DNAT can do, is not ours. */
const HOST_PORT = /^(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]):\d+$/;

function readDestination(words: readonly string[]): Action | undefined {
  const option = onlyValue(words, '--to-destination');
  if (option === undefined || option.not.negated === true || !HOST_PORT.test(option.value)) return undefined;
  return { kind: 'dnat', to: option.value };
}

function readMasquerade(words: readonly string[]): Action | undefined {
  const options = words.join(' ');
  if (options !== '' && options !== '--random-fully') return undefined;
  return { kind: 'masquerade', randomFully: options !== '' };
}
