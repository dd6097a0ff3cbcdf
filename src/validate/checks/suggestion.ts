import { didYouMean } from '../../diagnostic/did-you-mean.ts';

/** A hint for a value that is none of those allowed, where one of them is near. To be spread into a finding. */
export function suggestion(value: string, allowed: Iterable<string>): { readonly hint?: string } {
  const meant = didYouMean(value.trim(), allowed);
  return meant === undefined ? {} : { hint: `did you mean ${meant}?` };
}
