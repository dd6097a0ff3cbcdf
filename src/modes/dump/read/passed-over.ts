import { isFactLine } from '../../../lang/packet/kernel-facts.ts';

/** Lines that no reader has taken. */
export function passedOver(numbers: readonly number[], lines: readonly string[]): readonly string[] {
  const [first] = numbers;
  if (first === undefined) return [];
  const example = (lines[first - 1] ?? '').trim().slice(0, 60);
  const others = numbers.length === 1 ? '' : `, and ${numbers.length - 1} more`;
  return [`passed over what is no rule: line ${first} (${JSON.stringify(example)})${others}`];
}

/** Prompts, what collectors of logs add, and what `ip addr` and `ip route` print, which other readers take. */
const IS_PASSED_OVER =
  /^(?:\S*[#$](?: |$)|```|[[{}\]"]|=+$|Total Number of Rules: |\d+: \S+(?:: <| +inet6? )|(?:link|inet6?|valid_lft)\b|(?:default|[0-9a-f.:]+(?:\/\d+)?) .*\bdev |(?:unicast|local|broadcast|anycast|multicast|throw|unreachable|prohibit|blackhole) (?:default|[0-9a-f.:]+(?:\/\d+)?)(?: |$))/;

/** Whether it goes without saying that a line holds no rule. */
export function isExpected(line: string): boolean {
  return IS_PASSED_OVER.test(line) || isFactLine(line);
}
