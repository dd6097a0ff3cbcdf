import type { Cluster } from '../model/cluster.ts';
import { useNativeSha256 } from '../model/sha256.ts';

/** So many objects make some ten thousand names of chains. */
const MANY_OBJECTS = 5000;

/**
 * Loads the SHA-256 of Node.js for clusters with so many names to hash that this pays: half the time for each is some
 * percent of a run. For others loading it would take longer than all the rest.
 */
export async function prepareHashing({ services, endpointSlices, endpoints, pods }: Cluster): Promise<void> {
  const objects = services.length + endpointSlices.length + endpoints.length + pods.length;
  if (objects < MANY_OBJECTS) return;
  const { hash } = await import('node:crypto');
  useNativeSha256((text) => hash('sha256', text, 'binary'));
}
