import { expect, test } from 'vitest';
import { nodeResolver } from '../../src/compile.ts';
import { inParts, isEmpty, madeOfEach, printParts } from '../../src/lang/text/in-parts.ts';
import type { ServicePort } from '../../src/model/node-state.ts';
import { createRuleMemory } from '../../src/render/rule-memory.ts';
import { cluster, endpoint, node, proxyConfig, service, slice } from '../support/cluster.ts';

const ON_NODES = ['node-a', 'node-b'].map((nodeName, index) =>
  endpoint(`10.244.0.${index + 1}`, { nodeName }),
);
const CLUSTER = cluster({
  services: [
    service({ name: 'everywhere' }),
    service({ name: 'near', clusterIPs: ['10.96.0.2'], internalTrafficPolicy: 'Local' }),
  ],
  endpointSlices: ['everywhere', 'near'].map((of) => slice({ of, endpoints: ON_NODES })),
  nodes: ['node-a', 'node-b', 'node-c'].map((name) => node({ name })),
});

function servicePortsOn(...nodes: readonly string[]) {
  const { resolve, alike } = nodeResolver(CLUSTER, proxyConfig({}), ['IPv4']);
  const ports = nodes.map((name) => resolve(name).states.get('IPv4')?.servicePorts ?? []);
  return { ports, alike };
}

/** Lines of service ports as a renderer makes them, and what had to be made for each node. */
function renderOn(nodes: readonly string[], madeFor = '') {
  const { ports, alike } = servicePortsOn(...nodes);
  const made: string[] = [];
  const memory = createRuleMemory(alike);
  const [name, keeper] = [
    memory.knower<{ readonly label: string; readonly ips: string }>(),
    memory.keeper<string>(),
  ];
  const findOut = ({ name, reachable }: ServicePort) => {
    made.push(`name ${name.name}`);
    return { label: name.name, ips: reachable.map(({ ip }) => ip).join(' ') };
  };
  const texts = ports.map((servicePorts, index) => {
    const part = keeper({ name: 'lines', madeFor: madeFor === '' ? '' : `${madeFor} ${index}` });
    const parts = name(servicePorts, findOut).map((fact) =>
      part(fact, ({ label, ips }) => {
        made.push(`build ${label}`);
        return [`${label} ${ips}`];
      }),
    );
    const linesOf = (item: string) => {
      made.push(`print ${item}`);
      return [item];
    };
    return [...printParts(inParts(parts), { linesOf, between: '' })];
  });
  return { texts, made };
}

test('a service port of many nodes is named, built and printed once, wherever its endpoints are', () => {
  const { texts, made } = renderOn(['node-a', 'node-b', 'node-c', 'node-a']);
  expect(texts[0]).toEqual(['everywhere 10.244.0.1 10.244.0.2', 'near 10.244.0.1']);
  expect(texts[1]).toEqual(['everywhere 10.244.0.1 10.244.0.2', 'near 10.244.0.2']);
  expect(texts[3]).toEqual(texts[0]);
  expect(made.filter((what) => what.includes('everywhere'))).toHaveLength(3);
  expect(made).toContain('print near 10.244.0.2');
});

test('parts that are made for something else are made anew', () => {
  const { made } = renderOn(['node-a', 'node-b'], 'node');
  expect(made.filter((what) => what === 'name everywhere')).toHaveLength(1);
  expect(made.filter((what) => what === 'build everywhere')).toHaveLength(2);
});

test('nodes in turn that have the same facts have the very same list of them', () => {
  const { ports, alike } = servicePortsOn('node-c', 'node-c', 'node-a');
  const know = createRuleMemory(alike).knower<object>();
  const [first, second, third] = ports.map((servicePorts) => know(servicePorts, () => ({})));
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('a Local policy makes service ports differ, an endpoint on the node does not', () => {
  const { ports, alike } = servicePortsOn('node-a', 'node-c');
  const [[everywhere, near] = [], [everywhereElse] = []] = ports;
  expect(everywhere?.reachable.map(({ isLocal }) => isLocal)).toEqual([true, false]);
  expect(everywhere && alike(everywhere)).toBe(everywhereElse);
  expect(near && alike(near)).toBe(near);
});

test('a list that is read again has the very same parts', () => {
  const { ports, alike } = servicePortsOn('node-a');
  const part = createRuleMemory(alike).keeper<string>()({ name: 'lines', madeFor: '' });
  const parts = madeOfEach(ports[0] ?? [], (port) => part(port, ({ name }) => [name.name]));
  expect(isEmpty(parts)).toBe(false);
  const [first, second] = [[...parts], [...parts]];
  expect(first.map(({ items }) => items)).toEqual([['everywhere'], ['near']]);
  expect(second.map((each, place) => each === first[place])).toEqual([true, true]);
});

test('one node alone keeps nothing', () => {
  const part = createRuleMemory().keeper<string>()({ name: 'lines', madeFor: '' });
  expect(part({}, () => ['line'])).toEqual({ items: ['line'] });
});
