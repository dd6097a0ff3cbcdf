import { didYouMean } from '../../diagnostic/did-you-mean.ts';

/**
 * The Service that somebody may have meant: the one of that name in another namespace, or else one of the same namespace that
 * is spelled nearly so.
 * @param label `namespace/name`, as those that are known
 */
export function nearService(label: string, known: Iterable<string>): string | undefined {
  const labels = [...new Set(known)];
  const start = label.indexOf('/') + 1;
  const [namespace, name] = [label.slice(0, start), label.slice(start)];
  const namesakes = labels.filter((each) => each.endsWith(`/${name}`));
  if (namesakes.length === 1) return namesakes[0];
  const neighbours = labels.flatMap((each) => (each.startsWith(namespace) ? each.slice(start) : []));
  const near = didYouMean(name, neighbours);
  return near === undefined ? undefined : `${namespace}${near}`;
}
