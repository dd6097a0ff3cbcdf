import type { JsonObject } from './json.ts';
import type { Locator } from './source.ts';

/** One Kubernetes object as read: nothing about it has been checked but that it is a map with these four. */
export interface Manifest {
  /** "" where missing or not a string. */
  readonly apiVersion: string;
  readonly kind: string;
  /** As written; "" where missing or not a string. Validation decides what a missing namespace means. */
  readonly namespace: string;
  readonly name: string;
  readonly value: JsonObject;
  /** The file that it came from. */
  readonly file: string;
  readonly locate: Locator;
}
