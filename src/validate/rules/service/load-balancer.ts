import { askedInAnnotations } from '../../../kubernetes/load-balancer-addresses.ts';
import { parseIP } from '../../../model/ip.ts';
import { placeholderIn } from '../../../model/placeholder.ts';
import { suggestion } from '../../checks/suggestion.ts';
import { dnsSubdomainProblem } from '../../formats/dns.ts';
import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateLoadBalancerStatus (1.34), which a create does not run. */
export const ingressHostnameValid = {
  code: 'ingress-hostname-valid',
  category: 'node',
  severity: 'warning',
  onlyWith: ['ingress'],
  summary: 'a host name of a load balancer that is no name, or an address',
  explanation: `A load balancer that has no fixed address is known by a name, which clients ask DNS for; nodes make no rules for
names. An address that stands there by mistake gets no rules either.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer') return;
    ingress.forEach((entry, index) => {
      const hostname = entry?.hostname ?? '';
      if (hostname === '') return;
      const isAddress = parseIP(hostname) !== undefined;
      const problem = isAddress ? 'is an address, not a name' : dnsSubdomainProblem(hostname);
      if (problem === undefined) return;
      report({
        field: ['status', 'loadBalancer', 'ingress', index, 'hostname'],
        message: `hostname ${quoteValue(hostname)} ${problem}`,
        ...(isAddress ? { hint: 'write it as ip, so that nodes take traffic to it' } : {}),
      });
    });
  },
} as const satisfies ServiceRule;

const MODES = ['VIP', 'Proxy'];

/** ValidateLoadBalancerStatus (1.34), which a create does not run; kube-proxy takes only VIP for VIP. */
export const ingressIPModeKnown = {
  code: 'ingress-ip-mode-known',
  category: 'node',
  severity: 'error',
  onlyWith: ['ingress'],
  summary: 'an ipMode other than VIP and Proxy',
  explanation: `ipMode says whether packets reach nodes with the address of the load balancer (VIP), or with that of a node
(Proxy). kube-proxy makes rules for VIP alone, so that anything else, be it only in lower case, leaves the address out.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer') return;
    ingress.forEach((entry, index) => {
      const mode = entry?.ipMode;
      if (mode === undefined || mode === null || MODES.includes(mode)) return;
      report({
        field: ['status', 'loadBalancer', 'ingress', index, 'ipMode'],
        message: `ipMode ${quoteValue(mode)} is neither VIP nor Proxy`,
        ...suggestion(mode, MODES),
      });
    });
  },
} as const satisfies ServiceRule;

/** Nothing upstream: validation of a create does not look at status, and kube-proxy skips what it cannot parse. */
export const ingressIPValid = {
  code: 'ingress-ip-valid',
  category: 'node',
  severity: 'error',
  onlyWith: ['ingress'],
  summary: 'a load balancer address that is no IP address',
  explanation: `Nodes take traffic to the addresses in status.loadBalancer.ingress. The API server does not check them when
an object is created, but a rule can only be made for an IP address.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer') return;
    ingress.forEach((entry, index) => {
      const ip = entry?.ip ?? '';
      if (ip === '' || parseIP(ip) !== undefined) return;
      report({
        field: ['status', 'loadBalancer', 'ingress', index, 'ip'],
        message: `ingress ip ${quoteValue(ip)} is not an IP address`,
        hint: 'names of load balancers belong into hostname',
      });
    });
  },
} as const satisfies ServiceRule;

/** validateLoadBalancerClassField (1.34). */
export const loadBalancerClassValid = {
  code: 'load-balancer-class-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['loadBalancerClass'],
  summary: 'a loadBalancerClass that is no qualified name',
  explanation: `loadBalancerClass names the implementation that is to provide the load balancer, as a qualified name:
example.com/internal.`,
  check({ type, loadBalancerClass }, report) {
    if (type !== 'LoadBalancer' || loadBalancerClass === undefined) return;
    const problem = qualifiedNameProblem(loadBalancerClass);
    if (problem === undefined) return;
    report({
      field: ['spec', 'loadBalancerClass'],
      message: `loadBalancerClass ${quoteValue(loadBalancerClass)} ${problem}`,
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34): even `allocateLoadBalancerNodePorts: true` is refused. */
export const loadBalancerFieldsType = {
  code: 'load-balancer-fields-type',
  category: 'api',
  severity: 'error',
  onlyWith: ['allocateLoadBalancerNodePorts', 'loadBalancerClass'],
  summary: 'load balancer settings on a Service that is no LoadBalancer',
  explanation: `allocateLoadBalancerNodePorts and loadBalancerClass say how a load balancer is to be made, so they belong
to type LoadBalancer; on others they are refused, whatever their value.`,
  check(service, report) {
    if (service.type === 'LoadBalancer') return;
    for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass'] as const) {
      if (service[key] === undefined) continue;
      report({
        field: ['spec', key],
        message: `${key} on a Service of type ${service.type}`,
        hint: `leave ${key} out, or set spec.type to LoadBalancer`,
      });
    }
  },
} as const satisfies ServiceRule;

const KUBELET_PORT = 10_250;

/** ValidateService (1.30 to 1.32); 1.33 has dropped it. */
export const loadBalancerPortFree = {
  code: 'load-balancer-port-free',
  category: 'api',
  severity: 'error',
  onlyWith: ['type'],
  summary: 'a load balancer at the port of kubelets',
  explanation: `Up to Kubernetes 1.32 the port of a load balancer cannot be 10250, at which kubelets listen on every node.`,
  check({ type, ports }, report, { options }) {
    if (type !== 'LoadBalancer' || !options.kubernetes.api.reservesKubeletPort) return;
    ports.forEach(({ port }, index) => {
      if (port !== KUBELET_PORT) return;
      report({
        field: ['spec', 'ports', index],
        place: ['spec', 'ports', index, 'port'],
        message: `port ${KUBELET_PORT} is that of kubelets: no load balancer can have it`,
        hint: 'choose another port',
      });
    });
  },
} as const satisfies ServiceRule;

/** Nobody validates the field (validation.go, 1.36); up to 1.32 the API server warned of what is no address. */
export const loadBalancerIPIsAddress = {
  code: 'load-balancer-ip-is-address',
  category: 'cross',
  severity: 'warning',
  onlyWith: ['loadBalancerIP'],
  summary: 'a loadBalancerIP that is no IP address',
  explanation: `loadBalancerIP asks the load balancer of a cloud for an address. Anything is taken there, None too, and whoever reads
it later may fail on it. Left out, an address is chosen.`,
  check({ loadBalancerIP }, report) {
    if (loadBalancerIP === '' || parseIP(loadBalancerIP) !== undefined) return;
    report({
      field: ['spec', 'loadBalancerIP'],
      message: `loadBalancerIP ${quoteValue(loadBalancerIP)} is not an IP address`,
      hint: 'write an address, or leave it out',
    });
  },
} as const satisfies ServiceRule;

/** What MetalLB, Cilium, kube-vip, PureLB and Azure read; each of them passes over what is no address, or fails on it. */
export const loadBalancerAnnotationIsAddress = {
  code: 'load-balancer-annotation-is-address',
  category: 'cross',
  severity: 'warning',
  onlyWith: ['annotations'],
  summary: 'an annotation that asks for the address of a load balancer has something else in it',
  explanation: `Implementations of load balancers take the addresses that they are to use from annotations, separated by commas:
metallb.io/loadBalancerIPs, lbipam.cilium.io/ips, kube-vip.io/loadbalancerIPs and others. What is no address there gets another
address or none, and no rules.`,
  check({ type, metadata: { annotations } }, report) {
    if (type !== 'LoadBalancer' || !annotations) return;
    for (const { annotation, text } of askedInAnnotations(annotations)) {
      if (parseIP(text) !== undefined || placeholderIn(text) !== undefined) continue;
      report({
        field: ['metadata', 'annotations', annotation],
        message: `${annotation} asks for ${quoteValue(text)}, which is not an IP address`,
        hint: 'write addresses, separated by commas',
      });
    }
  },
} as const satisfies ServiceRule;
