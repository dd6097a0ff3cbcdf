/**
 * The command that starts another one in network and mount namespaces of its own. Without root they lie in a user
 * namespace: a new one, or that of the process `sharedWith`, so that interfaces can be moved between the two.
 */
export function unshareCommand(sharedWith?: number): readonly string[] {
  const unshare = ['unshare', '--net', '--mount'];
  if (process.getuid?.() === 0) return unshare;
  if (sharedWith === undefined) return [...unshare, '--user', '--map-root-user'];
  return ['nsenter', '--user', '--preserve-credentials', '--target', String(sharedWith), ...unshare];
}

/** PATH with the folders that Debian leaves out of an ordinary user's. */
export function pathWithSbin(): string {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
}
