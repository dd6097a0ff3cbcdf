/** What a test asks of an agent, the process that lives in a network namespace, and what it answers. */

type TransportProtocol = 'tcp' | 'udp';

/** An address to listen on, for both protocols alike. */
export interface Listener {
  readonly address: string;
  readonly protocol: TransportProtocol;
  readonly port: number;
}

export interface ConnectOptions {
  readonly to: string;
  readonly port: number;
  readonly protocol: TransportProtocol;
  /** Source addresses, used in turn; empty: the kernel chooses. */
  readonly from: readonly string[];
  /** Of a client over UDP that keeps its source port; left out: the kernel chooses. */
  readonly fromPort?: number;
  /** How many connections to make. */
  readonly count: number;
  /** After this many milliseconds without an answer a connection counts as silent. */
  readonly patience: number;
}

/**
 * How one connection ended. `answered`: by the server at `server` (address:port), which saw a client at `client`.
 * `refused`: by a reset or a port-unreachable message; `unreachable`: a router knows no way; `silent`: no answer.
 */
export type Outcome =
  | { readonly kind: 'answered'; readonly server: string; readonly client: string }
  | { readonly kind: 'refused' | 'unreachable' | 'silent' | 'reset' }
  | { readonly kind: 'failed'; readonly error: string };

export interface CommandResult {
  /** 128 + signal when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type AgentRequest =
  /** Writes below /proc/sys, in order; names have slashes. */
  | { readonly kind: 'sysctl'; readonly values: readonly (readonly [string, string])[] }
  | { readonly kind: 'run'; readonly command: readonly string[]; readonly input: string }
  | { readonly kind: 'listen'; readonly listeners: readonly Listener[] }
  | { readonly kind: 'connect'; readonly options: ConnectOptions }
  /** Opens a TCP connection and keeps it, under a name. */
  | { readonly kind: 'hold'; readonly name: string; readonly options: ConnectOptions }
  /** Sends something over a connection that is held, and waits for the echo. */
  | { readonly kind: 'echo'; readonly name: string; readonly patience: number };

export type AgentResponse =
  | { readonly kind: 'done' }
  | { readonly kind: 'ran'; readonly result: CommandResult }
  | { readonly kind: 'connected'; readonly outcomes: readonly Outcome[] }
  | { readonly kind: 'echoed'; readonly isAlive: boolean }
  | { readonly kind: 'error'; readonly message: string };

export interface Envelope<T> {
  readonly id: number;
  readonly body: T;
}
