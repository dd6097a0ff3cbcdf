import { InvalidArgumentError } from 'commander';

/** What an option makes of a value that it does not take: one sentence, behind the one that names the option. */
export function invalidValue(message: string): InvalidArgumentError {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return new InvalidArgumentError(/[.?)]$/.test(sentence) ? sentence : `${sentence}.`);
}
