import type { AgentRequest, AgentResponse } from '../kernel/agent-protocol.ts';

/**
 * What a test says to the relay inside a User-Mode Linux kernel, and what comes back. Both are files in a shared
 * folder; a line of the serial port holds nothing but the number of one. (The driver of that port loses its voice
 * when some kilobytes come at once.)
 */

export function requestFile(id: number): string {
  return `request-${id}.json`;
}

export function responseFile(id: number): string {
  return `response-${id}.json`;
}

export type RelayRequest =
  /** Starts an agent in namespaces of its own. */
  | { readonly kind: 'start'; readonly name: string; readonly sharedWith: number | undefined }
  | { readonly kind: 'ask'; readonly pid: number; readonly request: AgentRequest }
  | { readonly kind: 'stop'; readonly pid: number };

export type RelayResponse =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'answered'; readonly response: AgentResponse }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'error'; readonly message: string };
