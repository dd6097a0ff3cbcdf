/** What rules hand packets over to: something of the node that decides about them by itself, so that no rule tells what comes of it. */
export type Handover =
  | { readonly kind: 'queue'; readonly isBypassed: boolean }
  /** undefined: the port that the packet goes to. */
  | { readonly kind: 'proxy'; readonly port: string | undefined }
  | { readonly kind: 'handshake' };

/**
 * Why nobody can tell from rules what becomes of a packet (net/netfilter/nf_queue.c, xt_TPROXY.c, nf_synproxy_core.c).
 * @param text what hands it over, as its language spells it
 */
export function handoverReason(text: string, handover: Handover): string {
  switch (handover.kind) {
    case 'queue':
      return `${text} hands it to a program of the node, which decides; where none listens, the kernel ${handover.isBypassed ? 'lets it pass' : 'drops it'}`;
    case 'proxy':
      return `${text} hands it to the transparent proxy that listens on ${handover.port === undefined ? 'its port' : `port ${handover.port}`} of the node, which decides`;
    case 'handshake':
      return `${text} makes the kernel answer the client first, and connect on only behind its handshake`;
  }
}
