import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PROXY_MODES } from '../../src/model/proxy-config.ts';
import {
  allocate,
  defaultProxyConfigOf,
  defaultValidateOptions,
  describeMode,
  hasErrors,
  parse,
  renderArtifact,
  resolve,
  validate,
} from '../../src/stages.ts';
import { runProgram } from '../support/run-program.ts';

const FILE = 'fixtures/quickstart/frontend.yaml';
const NODE = { nodeName: 'node-a', nodeIPs: ['192.0.2.1'] };
const FLAGS = ['--node', 'node-a', '--node-ip', '192.0.2.1'];

const wanted = PROXY_MODES.map(describeMode).flatMap(({ name: mode, layouts, artifacts }) =>
  layouts.flatMap((layout) => artifacts.map(({ name: artifact }) => ({ mode, layout, artifact }))),
);

test.each(wanted)('gives $artifact of mode $mode, layout $layout, as the program does', async (each) => {
  const { mode, layout, artifact } = each;
  const { manifests } = parse([{ path: FILE, bytes: readFileSync(FILE) }]);
  const { cluster, diagnostics } = validate(manifests, defaultValidateOptions);
  expect(hasErrors(diagnostics)).toBe(false);
  const allocated = allocate(cluster, {
    serviceCIDRs: undefined,
    nodePortRange: defaultValidateOptions.nodePortRange,
    lock: undefined,
    noAllocate: false,
  });
  const config = { ...defaultProxyConfigOf(mode), ...NODE };
  const states = new Map(
    (['IPv4', 'IPv6'] as const).map((family) => [
      family,
      resolve(allocated.cluster, { config, family }).state,
    ]),
  );
  const text = [...renderArtifact(artifact, { mode, layout, states, form: 'tables' })].join('');
  const { stdout } = await runProgram([
    'render',
    FILE,
    '--mode',
    mode,
    '--layout',
    layout,
    '--artifact',
    artifact,
    ...FLAGS,
  ]);
  expect(text).toBe(stdout);
});
