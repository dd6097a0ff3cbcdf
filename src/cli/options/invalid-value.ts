import { type Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';

/** A word that an option does not take, and those that it takes. */
interface WrongWord {
  readonly word: string;
  readonly choices: Iterable<string>;
}

/**
 * What an option makes of a value that it does not take: one sentence, behind the one that names the option.
 * @param wrong adds the choice that was probably meant, if one is near
 */
export function invalidValue(message: string, wrong?: WrongWord): InvalidArgumentError {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  const closed = /[.?)]$/.test(sentence) ? sentence : `${sentence}.`;
  const meant = wrong === undefined ? undefined : didYouMean(wrong.word, wrong.choices);
  return new InvalidArgumentError(meant === undefined ? closed : `${closed} (Did you mean ${meant}?)`);
}

/** Makes what a command declares with `choices()` suggest the nearest of them, which Commander does for names of options only. */
export function suggestChoices({ options, registeredArguments }: Command): void {
  for (const each of [...options, ...registeredArguments]) {
    const choices = each.argChoices;
    if (choices === undefined) continue;
    each.argParser((word) => {
      if (choices.includes(word)) return word;
      throw invalidValue(`allowed choices are ${choices.join(', ')}`, { word, choices });
    });
  }
}
