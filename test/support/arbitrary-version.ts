import fc from 'fast-check';
import { KUBERNETES_RELEASES } from '../../src/kubernetes/releases.ts';

/** A release of Kubernetes, one for each that differs from others. */
export const arbitraryVersion = fc.constantFrom(...KUBERNETES_RELEASES);
