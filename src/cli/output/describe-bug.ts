/** What package.json says of where to report bugs. */
interface Package {
  readonly version: string;
  readonly bugs?: { readonly url: string };
}

/**
 * Lines about an error of svcgen itself: what to do, and all that it takes to find it. Of the command line only the names
 * are told: values may be secrets.
 */
export function describeBug(
  error: unknown,
  argv: readonly string[],
  { version, bugs }: Package,
): readonly string[] {
  const where = bugs === undefined ? 'where svcgen comes from' : `at ${bugs.url}`;
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `svcgen: this is a bug of svcgen: please report it ${where}, with these lines`,
    `svcgen ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    `command line: ${['svcgen', ...argv.map(withoutValue)].join(' ')}`,
    ...details.split('\n'),
  ];
}

/** `render`, `--mode`, `--node=…`, `…`. */
function withoutValue(word: string, index: number): string {
  if (index === 0 && /^[a-z]+$/.test(word)) return word;
  const [, name, value] = /^(--?[a-z][a-z-]*)(=.*)?$/s.exec(word) ?? [];
  if (name === undefined) return '…';
  return value === undefined ? name : `${name}=…`;
}
