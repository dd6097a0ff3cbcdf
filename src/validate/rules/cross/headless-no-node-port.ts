import { HEADLESS_LABEL } from '../../../kubernetes/labels.ts';
import type { ServiceRule } from '../../rule.ts';

/** kube-proxy (cmd/kube-proxy/app, 1.34) asks the API server only for Services without this label. */
export const headlessNoNodePort = {
  code: 'headless-no-node-port',
  category: 'cross',
  severity: 'warning',
  summary: 'a nodePort of a Service that nodes leave out',
  explanation: `Nodes make no rules for a headless Service. The API server refuses nodePorts with clusterIP None, but not with
the label service.kubernetes.io/headless, which takes a Service away from kube-proxy too: its nodePorts are reserved,
and nobody answers on them.`,
  check({ metadata, type, ports }, report) {
    const { labels } = metadata;
    if (labels === null || labels === undefined || !Object.hasOwn(labels, HEADLESS_LABEL)) return;
    if (type !== 'NodePort' && type !== 'LoadBalancer') return;
    const index = ports.findIndex(({ nodePort }) => nodePort !== 0);
    const what = index < 0 ? `type ${type}` : `nodePort ${ports[index]?.nodePort}`;
    report({
      field: index < 0 ? ['spec', 'type'] : ['spec', 'ports', index, 'nodePort'],
      message: `${what} has no effect: the label ${HEADLESS_LABEL} makes nodes leave the Service out`,
      hint: 'remove the label, or use type ClusterIP',
    });
  },
} as const satisfies ServiceRule;
