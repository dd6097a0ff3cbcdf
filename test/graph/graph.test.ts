import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { layOut } from '../../src/graph/layout.ts';
import type { Picture } from '../../src/graph/picture.ts';
import { printSvg } from '../../src/graph/print-svg.ts';
import { printDot, printMermaid } from '../../src/graph/print-text.ts';
import { draw, explain } from '../../src/index.ts';
import { parseXml } from '../support/parse-xml.ts';
import { HOSTILE, hostilePicture } from './hostile-picture.ts';

/** One Service with so many ready endpoints. */
function manifests(endpoints: number, policy = 'Cluster'): readonly { path: string; text: string }[] {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      type: 'NodePort',
      clusterIP: '10.96.0.9',
      externalTrafficPolicy: policy,
      ports: [{ port: 80, nodePort: 30080 }],
    },
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080 }],
    endpoints: Array.from({ length: endpoints }, (_, index) => ({
      addresses: [`10.244.${index % 4}.${index + 1}`],
      nodeName: `node-${index % 4}`,
      conditions: { ready: true },
    })),
  };
  return [
    { path: 'web.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service, slice] }) },
  ];
}

test('a Service with very many addresses and ports is drawn in part, and at once', () => {
  const ports = Array.from({ length: 400 }, (_, index) => ({ name: `p${index}`, port: index + 1 }));
  const externalIPs = Array.from({ length: 100 }, (_, index) => `192.0.2.${index + 1}`);
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { clusterIP: '10.96.0.9', externalIPs, ports },
  };
  const { artifacts } = draw([{ path: 'web.json', text: JSON.stringify(service) }]);
  const svg = artifacts?.get('graph')?.text() ?? '';
  expect(svg.length).toBeLessThan(500_000);
  expect(svg).toContain('40200 more addresses and ports are not drawn');
});

/** So many Services without endpoints. */
function manyServices(number: number): readonly { path: string; text: string }[] {
  const items = Array.from({ length: number }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s${index}`, namespace: index % 10 === 0 ? 'few' : 'many' },
    spec: { ports: [{ port: 80 }] },
  }));
  return [{ path: 'all.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }];
}

test('more Services than a picture holds are an error that names how to choose, before all are drawn', () => {
  const drawn = (options: Parameters<typeof draw>[1]) => draw(manyServices(4000), options);
  const { artifacts, diagnostics } = drawn({});
  expect(artifacts).toBeUndefined();
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([
    expect.objectContaining({
      code: 'picture-bounded',
      message:
        '4000 Services are too many for one picture: the first 2501 of them have more than 10000 boxes',
      hint: '--namespace NAME draws those of one namespace, --service NAMESPACE/NAME (repeatable) single ones',
    }),
  ]);
  const hintOf = (options: Parameters<typeof draw>[1]) =>
    drawn(options).diagnostics.find(({ code }) => code === 'picture-bounded')?.hint;
  expect(hintOf({ namespace: 'many', format: 'dot' })).toContain('--service many/NAME');
  expect(hintOf({ namespace: 'few', format: 'dot' })).toBeUndefined();
});

test('a diagram that Mermaid refuses by default is a warning, and is written', () => {
  const drawn = (number: number) => {
    const { artifacts, diagnostics } = draw(manyServices(number), { format: 'mermaid' });
    const text = artifacts?.get('graph')?.text() ?? '';
    const said = diagnostics.filter(({ code }) => code === 'mermaid-bounded').map(({ message }) => message);
    return { characters: text.length, arrows: text.match(/-->|-\.->/g)?.length, said };
  };
  expect(drawn(100).said).toEqual([]);
  const { characters, arrows, said } = drawn(300);
  expect(said).toEqual([
    `Mermaid refuses this diagram unless a page raises its limits: it has ${arrows} arrows, of which it draws 500, and ${characters} characters, of which it reads 50000`,
  ]);
});

test('a namespace that is not there is an error, and no empty picture', () => {
  const { artifacts, diagnostics } = draw(manifests(1), { namespace: 'shpo' });
  expect(artifacts).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toContain('namespace-known');
});

function mermaidOf(...[files, options]: Parameters<typeof draw>): string {
  const { artifacts, diagnostics } = draw(files, { ...options, format: 'mermaid' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return artifacts?.get('graph')?.text() ?? '';
}

describe('what a picture says', () => {
  test('up to twelve endpoints have a box each', () => {
    const text = mermaidOf(manifests(12));
    expect(text.match(/:8080<br/g)).toHaveLength(12);
    expect(text).not.toContain('more');
    expect(text).toContain('|"8.33 #37;"|');
  });

  test('of 200 endpoints 197 fold, with the share of each', () => {
    expect(mermaidOf(manifests(200))).toMatch(/197 more<br\/>on 4 nodes/);
    const service = { services: ['shop/web'] };
    const [file] = manifests(200);
    const clusterIPOnly =
      file === undefined
        ? []
        : [
            {
              ...file,
              text: file.text
                .replace('"type":"NodePort",', '')
                .replace('"externalTrafficPolicy":"Cluster",', '')
                .replace(',"nodePort":30080', ''),
            },
          ];
    expect(mermaidOf(clusterIPOnly, service)).toMatch(/197 more, each 0\.5 #37;<br\/>on 4 nodes/);
  });

  test('on a node without endpoints, a Local policy drops what comes from outside, and nothing else', () => {
    const text = mermaidOf(manifests(3, 'Local'), { nodeName: 'node-3' });
    expect(text).toContain(
      '{{"dropped<br/>externalTrafficPolicy is Local<br/>no endpoint on node-3"}}:::refused',
    );
    expect(text).toContain('|"from inside"|');
  });

  test('without a node it says what the policy asks for, and no share', () => {
    const text = mermaidOf(manifests(3, 'Local'));
    expect(text).toContain('Local: those on the node that it reaches');
    expect(text).not.toContain('dropped');
  });

  test('a Service that is not there is an error', () => {
    const { artifacts, diagnostics } = draw(manifests(1), { services: ['shop/wbe'] });
    expect(artifacts).toBeUndefined();
    expect(diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ['service-known', 'did you mean shop/web?'],
    ]);
  });

  test.each(['iptables', 'nftables', 'ipvs'] as const)(
    'in %s mode shares are those that explain finds in the rules',
    (mode) => {
      const options = { mode, nodeName: 'node-1', nodeIPs: ['192.168.1.1'], clusterCIDRs: ['10.244.0.0/16'] };
      const { explanation } = explain(manifests(5, 'Local'), {
        ...options,
        origin: 'outside',
        to: '192.168.1.1:30080',
      });
      const ways = (explanation?.ways ?? []).map(
        ({ destination, port, share }) =>
          `${destination}:${port} ${(100 * Number(share.numerator)) / Number(share.denominator)}`,
      );
      const text = mermaidOf(manifests(5, 'Local'), options);
      const outside = /s1(b\d+)\{\{"(?:1 of \d+ endpoints|the only endpoint)<br\/>Local/.exec(text)?.[1];
      const drawn = [...text.matchAll(/s1(b\d+) -->\|"([\d.]+) #37;"\| s1(b\d+)/g)]
        .filter(([, from]) => from === outside)
        .map(([, , share, to]) => `${new RegExp(`s1${to}\\["([^<]+)<`).exec(text)?.[1]} ${share}`);
      expect(drawn).toEqual(ways);
      expect(drawn).not.toEqual([]);
    },
  );
});

describe.each(HOSTILE)('hostile text %j stays text', (text) => {
  const pictures = [hostilePicture(text)];

  test('in SVG', () => {
    const svg = printSvg(pictures);
    expect(() => parseXml(`<?xml version="1.0" encoding="UTF-8"?>\n${svg}`)).not.toThrow();
    const names = [...svg.matchAll(/<\/?([\w:]+)/g)].map(([, name]) => name);
    expect(names.filter((name) => !/^(?:svg|title|desc|style|rect|g|text|path)$/.test(name ?? ''))).toEqual(
      [],
    );
    const tags = [...svg.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, '""'));
    expect(tags.filter((tag) => /\s(?:on\w+|(?:\w+:)?href)=/.test(tag))).toEqual([]);
  });

  test('in Mermaid', () => {
    const quoted = '"(?:[\\p{L}\\p{N} .,:/=()*+_\'-]|#\\d+;|<br/>)*"';
    const line = new RegExp(
      `^(?:flowchart LR|  subgraph s1\\[${quoted}\\]|    direction LR|    s1b\\d(?:\\(\\[|\\{\\{|\\[)${quoted}(?:\\]\\)|\\}\\}|\\])(?::::\\w+)?|    s1b1 -\\.->\\|${quoted}\\| s1b2|  end|  classDef \\w+ [\\w:#,\\- ]+)$`,
      'u',
    );
    const lines = printMermaid(pictures).trimEnd().split('\n');
    expect(lines.filter((each) => !line.test(each))).toEqual([]);
  });

  test('in DOT', () => {
    const unquoted = printDot(pictures).replace(/"(?:[^"\\]|\\.)*"/gs, '""');
    const known = printDot([hostilePicture('plain')]).replace(/"(?:[^"\\]|\\.)*"/gs, '""');
    expect(unquoted).toBe(known);
  });
});

test('boxes do not overlap, and what a picture is made of alone decides where they are', () => {
  const picture = (): Picture => ({
    ...hostilePicture('x'),
    boxes: Array.from({ length: 9 }, (_, index) => ({
      ...(hostilePicture(`box ${index}`).boxes[0] ?? {
        column: 'client',
        tone: 'plain',
        title: '',
        details: [],
        addresses: [],
      }),
      id: `b${index}`,
      column: index < 3 ? 'client' : index < 6 ? 'choice' : 'endpoint',
    })),
    arrows: [0, 1, 2].flatMap((from) =>
      [3, 4, 5].map((to) => ({ from: `b${from}`, to: `b${to}`, tone: 'plain', label: '' })),
    ),
  });
  const { boxes } = layOut(picture());
  expect(layOut(picture()).boxes).toEqual(boxes);
  for (const a of boxes) {
    for (const b of boxes) {
      const isApart =
        a === b ||
        a.x + a.width <= b.x ||
        b.x + b.width <= a.x ||
        a.y + a.height <= b.y ||
        b.y + b.height <= a.y;
      expect(isApart, `${a.box.id} ${b.box.id}`).toBe(true);
    }
  }
});

test('a picture says in words what it shows, follows the colours of its reader and runs nothing', () => {
  const svg = readFileSync('fixtures/valid/graph/expected/one.txt', 'utf8');
  expect(svg).toMatch(/<svg [^>]*role="img"/);
  expect(svg).toContain('<title>default/api: ClusterIP, iptables mode</title>');
  expect(svg).toContain(
    'clusterIP (http) 10.0.0.20:80/TCP, from pods and the node: goes to 1 of 2 endpoints.',
  );
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(svg).not.toMatch(/<script|url\(|href|@import/);
});

test('long names are broken into lines, and nothing of them is left out', () => {
  const [box] = hostilePicture('x').boxes;
  const name = 'ingress-nginx-controller-7f79b8b6c4-x8z2k';
  const picture = {
    ...hostilePicture('x'),
    boxes:
      box === undefined
        ? []
        : [{ ...box, title: '[2001:db8:85a3:8d3:1319:8a2e:370:7348]:8443', details: [`pod ${name}`] }],
    arrows: [],
  };
  const [placed] = layOut(picture).boxes;
  expect(placed?.titleLines).toEqual(['[2001:db8:85a3:8d3:1319:', '8a2e:370:7348]:8443']);
  expect(placed?.lines).toEqual(['pod ingress-nginx-', 'controller-7f79b8b6c4-', 'x8z2k']);
});

test('the picture of README can be read on GitHub', () => {
  const [, width] = /width="(\d+)"/.exec(readFileSync('docs/gateway.svg', 'utf8')) ?? [];
  // GitHub's 830 px, and text of 12 px that stays above 11.
  expect(Number(width)).toBeLessThanOrEqual(830 / 0.92);
});

test('labels stand above all arrows, so that none is crossed out', () => {
  const { artifacts } = draw(manifests(5));
  const svg = artifacts?.get('graph')?.text() ?? '';
  const labels = [
    ...svg.matchAll(/<text class="label plain" data-from="(\S+)" data-to="(\S+)" data-label="20 %"/g),
  ];
  expect(labels.length).toBeGreaterThanOrEqual(5);
  expect(svg.lastIndexOf('<g class="arrow')).toBeLessThan(svg.indexOf('class="label'));
  for (const [, from, to] of labels)
    expect(svg).toContain(`<g class="arrow plain" data-from="${from}" data-to="${to}" data-label="20 %">`);
});
