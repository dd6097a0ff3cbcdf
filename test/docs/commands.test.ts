import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documents, type Fence, readFences } from '../support/docs/fences.ts';
import { prepareFolder, runFence, writeFenceFile } from '../support/docs/run-fences.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';

const isWriting = process.env.GOLDEN === 'write';

const isRun = ({ language, notRun }: Fence) => ['console', 'sh'].includes(language) && notRun === undefined;

/** Nobody takes a block out of the tests unseen: each that does not run is here, with its reason. */
test('the blocks that do not run are these', () => {
  const notRun = documents().flatMap((document) =>
    readFences(document).flatMap(({ notRun, text }) =>
      notRun === undefined ? [] : [`${document}: ${text.split('\n')[0]} (${notRun})`],
    ),
  );
  expect(notRun).toMatchInlineSnapshot(`
    [
      "CONTRIBUTING.md: npm ci && npx svcgen render fixtures/quickstart (it installs, and runs all tests)",
      "README.md: npm install -g svcgen (the tests of the package install it: npm run test:package)",
      "README.md: npm ci && npx svcgen render fixtures/quickstart (the tests of the package run this: npm run test:package)",
      "README.md: npm ci && npm test (it installs, and runs all tests)",
      "bench/README.md: go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0 (it fetches programs and schemas)",
      "docs/ci.md: npm install --global --ignore-scripts svcgen@1.0.0 (the tests of the package run it: npm run test:package)",
      "docs/diff.md: git worktree add /tmp/base origin/main (it asks GitHub)",
      "docs/guide/debug-a-node.md: export CRI_CONFIG_FILE=/var/lib/rancher/rke2/agent/etc/crictl.yaml PATH=$PATH:/var/lib/rancher/rke2/bin (it asks a node of RKE2)",
      "docs/guide/review-a-change.md: git worktree add /tmp/base origin/main (it needs a repository with a remote)",
      "docs/hosts.md: install -D examples/systemd/apply /usr/local/lib/svcgen/apply (it changes the host; test/kernel/systemd.test.ts runs the units)",
      "docs/install.md: npm install -g svcgen (the tests of the package install it: npm run test:package)",
      "docs/modes.md: svcgen render manifests/ --mode ipvs --node worker-1 | sudo sh (it needs a kernel with IPVS; test/kernel/ipvs starts one)",
    ]
  `);
});

describe.concurrent.each(documents().filter((document) => readFences(document).some(isRun)))(
  '%s',
  (document) => {
    const folder = mkdtempSync(join(tmpdir(), 'svcgen-docs-'));
    beforeAll(() => prepareFolder(folder));
    afterAll(() => rmSync(folder, { recursive: true }));
    // One after the other: commands find what those above them have written.
    describe.sequential('its commands', () => {
      for (const [index, fence] of readFences(document).entries()) describeFence(fence, index, folder);
    });
  },
);

function describeFence(fence: Fence, index: number, folder: string): void {
  const { line, language, file, isRoot, text } = fence;
  if (file !== undefined) test(`line ${line}: ${file}`, () => writeFenceFile(file, text, folder));
  if (!isRun(fence)) return;
  const [first = ''] = text.split('\n');
  const describeIt = isRoot ? describeKernel : describe;
  describeIt(`line ${line}`, () => {
    test(first, async () => {
      const run = await runFence(fence, folder);
      if (language === 'sh') expect(run.status, run.text).toBe(0);
      else if (isWriting) rewrite(fence, index, run.text);
      else expect(run.text).toBe(text);
    });
  });
}

/** Puts what is printed now into the document, where blocks above this one may have grown. */
function rewrite({ document, text }: Fence, index: number, printed: string): void {
  const lines = readFileSync(document, 'utf8').split('\n');
  const line = readFences(document)[index]?.line ?? 0;
  lines.splice(line, text.split('\n').length - 1, ...printed.split('\n').slice(0, -1));
  writeFileSync(document, lines.join('\n'));
}
