/** Why a packet goes no further in a chain, and in none of its callers. */
export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'reject'; readonly with?: string }
  /** Nobody knows what comes of it. */
  | { readonly kind: 'lost'; readonly reason: string };

/** What a rule does next with a packet. */
export type Next =
  | { readonly kind: 'on' }
  | { readonly kind: 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict };
