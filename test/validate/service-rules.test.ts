import { expect, test } from 'vitest';
import { formatFieldPath } from '../../src/model/field-path.ts';
import { checkText } from '../support/check-text.ts';
import { kubernetesVersion } from '../support/versions.ts';

/** `code field` of all errors of a Service with these fields. */
function errorsOf(spec: string, serviceCIDRs?: readonly string[]): readonly string[] {
  const text = `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {${spec}}`;
  return checkText(text, {
    categories: new Set(['api']),
    serviceCIDRs,
    kubernetes: kubernetesVersion('1.34'),
  })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, field }) => `${code} ${formatFieldPath(field)}`)
    .sort();
}

const PORT = 'ports: [{port: 80}]';
const IPV4 = ['10.96.0.0/16'];
const DUAL = ['10.96.0.0/16', 'fd00:10:96::/112'];

test.each([
  ['clusterIP: None', IPV4, []],
  ['clusterIP: None, ipFamilies: [IPv4, IPv6]', IPV4, []],
  [
    'clusterIP: None, ipFamilies: [IPv4, IPv6], selector: {a: b}',
    IPV4,
    ['ip-family-configured spec.ipFamilies[1]', 'single-stack-single spec.ipFamilyPolicy'],
  ],
  [
    'clusterIP: None, ipFamilyPolicy: RequireDualStack, selector: {a: b}',
    IPV4,
    ['ip-family-configured spec.ipFamilyPolicy'],
  ],
  ['clusterIP: None, ipFamilyPolicy: RequireDualStack', IPV4, []],
  ['ipFamilyPolicy: RequireDualStack', DUAL, []],
  ['ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4]', IPV4, []],
  [
    'ipFamilyPolicy: PreferDualStack, ipFamilies: [IPv4, IPv6]',
    IPV4,
    ['ip-family-configured spec.ipFamilies[1]'],
  ],
  ['ipFamilies: [IPv6]', IPV4, ['ip-family-configured spec.ipFamilies[0]']],
  ['ipFamilies: [IPv6]', undefined, []],
  ['clusterIP: "fd00::1"', IPV4, ['ip-family-configured spec.clusterIPs[0]']],
  [
    'clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, "fd00:10:96::1"]',
    DUAL,
    ['single-stack-single spec.ipFamilyPolicy'],
  ],
  [
    'clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1, "fd00:10:96::1"], ipFamilyPolicy: PreferDualStack',
    DUAL,
    [],
  ],
  ['clusterIP: 10.96.0.1, clusterIPs: ["010.96.0.1"]', IPV4, ['cluster-ips-match spec.clusterIPs']],
  ['clusterIP: "", clusterIPs: []', IPV4, []],
  ['clusterIP: "", clusterIPs: [""]', IPV4, ['cluster-ip-valid spec.clusterIPs[0]']],
  [
    'clusterIP: None, clusterIPs: [None, None]',
    undefined,
    ['cluster-ip-valid spec.clusterIPs[1]', 'headless-alone spec.clusterIPs'],
  ],
  [
    'ipFamilies: [IPv4, IPv4], ipFamilyPolicy: RequireDualStack',
    undefined,
    ['ip-families-valid spec.ipFamilies[1]'],
  ],
  ['ipFamilies: [null]', undefined, ['ip-families-valid spec.ipFamilies[0]']],
  ['ipFamilyPolicy: ""', undefined, ['ip-family-policy-known spec.ipFamilyPolicy']],
])('%s in %j', (spec, range, expected) => expect(errorsOf(`${PORT}, ${spec}`, range)).toEqual(expected));

test.each([
  ['type: NodePort, ports: [{port: 80, nodePort: 29999}]', ['node-port-in-range spec.ports[0].nodePort']],
  ['type: ExternalName, externalName: a, ports: [{port: 80, nodePort: 80}]', []],
  ['type: NodePort, ports: [{name: a, port: 1, nodePort: 30001}, {name: b, port: 1, protocol: UDP}]', []],
  [
    'type: NodePort, ports: [{name: a, port: 1}, {name: b, port: 1, protocol: UDP, nodePort: 30001}, {name: c, port: 2, protocol: SCTP, nodePort: 30001}]',
    ['node-port-shared-by-port spec.ports[2].nodePort'],
  ],
  [
    'type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: -1, ports: [{port: 80}]',
    ['health-check-node-port-in-range spec.healthCheckNodePort'],
  ],
  [
    'type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 30001, ports: [{port: 80, nodePort: 30001}]',
    ['health-check-node-port-unique spec.healthCheckNodePort'],
  ],
  ['ports: [{port: 80, targetPort: ""}]', []],
  ['ports: [{port: 80, targetPort: -1}]', ['target-port-valid spec.ports[0].targetPort']],
  ['ports: [{port: 80, appProtocol: ""}]', ['service-app-protocol-valid spec.ports[0].appProtocol']],
  [
    'ports: [null]',
    ['service-port-in-range spec.ports[0].port', 'target-port-valid spec.ports[0].targetPort'],
  ],
  [
    'ports: [{port: 80}], sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}',
    ['session-affinity-timeout spec.sessionAffinityConfig.clientIP.timeoutSeconds'],
  ],
  ['ports: [{port: 80}], sessionAffinity: None, sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}', []],
  ['ports: [{port: 80}], externalTrafficPolicy: Local, externalIPs: [192.0.2.1]', []],
  ['ports: [{port: 80}], externalIPs: ["::ffff:127.0.0.1"]', ['external-ip-valid spec.externalIPs[0]']],
  ['ports: [{port: 80}], externalIPs: [224.0.1.1]', []],
  ['type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: ["10.0.0.0/8\\n", 10.0.0.0/08]', []],
  [
    'type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [""]',
    ['source-ranges-valid spec.LoadBalancerSourceRanges[0]'],
  ],
  [
    'type: ExternalName, externalName: a.b., externalTrafficPolicy: Cluster',
    ['external-traffic-policy-type spec.externalTrafficPolicy'],
  ],
  ['type: ExternalName, externalName: .', ['external-name-valid spec.externalName']],
])('%s', (spec, expected) => expect(errorsOf(spec)).toEqual(expected));
