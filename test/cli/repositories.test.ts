import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-repositories-'));
afterAll(() => rmSync(dir, { recursive: true }));

const WEB = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: 10.96.0.10
  ports:
    - port: 80
`;
const TEMPLATE = WEB.replace('name: web', 'name: {{ .Release.Name }}');
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
`;
const TSCONFIG = '{\n  // comments\n  "compilerOptions": { "strict": true, },\n}\n';

let count = 0;

function repository(files: Readonly<Record<string, string>>): string {
  count += 1;
  const root = join(dir, String(count));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

async function validate(...argv: readonly string[]) {
  const { exitCode, stdout, stderr } = await runProgram(['validate', '--output', 'json', ...argv]);
  const report = JSON.parse(stdout) as { diagnostics: { severity: string; code: string; message: string }[] };
  const said = report.diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  return { exitCode, said, messages: report.diagnostics.map(({ message }) => message), stderr };
}

describe('charts', () => {
  const chart = {
    'Chart.yaml': 'apiVersion: v2\nname: web\n',
    'templates/a.yaml': TEMPLATE,
    'crds/b.yaml': 'a: [',
  };
  const inFolder = Object.fromEntries(
    Object.entries(chart).map(([name, text]) => [`charts/web/${name}`, text]),
  );

  test('are passed over in one line, and what is beside them is rendered', async () => {
    const root = repository({
      'web.yaml': WEB,
      ...inFolder,
      'charts/web/charts/sub/Chart.yaml': 'name: sub\n',
    });
    const { exitCode, said, messages } = await validate(root);
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: ['info unrendered-chart'] });
    expect(messages[0]).toContain('charts/web" is a Helm chart: 1 template passed over');
    const rendered = await runProgram(['render', root]);
    expect(rendered).toMatchObject({ exitCode: 0 });
    expect(rendered.stdout).toContain('default/web');
  });

  test('alone are no empty input', async () => {
    expect(await validate(repository(inFolder))).toMatchObject({
      exitCode: 0,
      said: ['info unrendered-chart'],
    });
  });

  test('that are named are to be rendered first', async () => {
    const root = repository(inFolder);
    const named = await validate(join(root, 'charts/web'));
    expect(named).toMatchObject({ exitCode: 1, said: ['error unrendered-chart'] });
    const { stdout } = await runProgram(['validate', join(root, 'charts/web')]);
    expect(stdout).toContain(`hint: give what it renders: --helm ${join(root, 'charts/web')}, or `);
    const template = await validate(join(root, 'charts/web/templates/a.yaml'));
    expect(template).toMatchObject({ exitCode: 1, said: ['error unrendered-template'] });
  });
});

describe('hooks of a release', () => {
  const selected = 'metadata: { labels: { app: web } }';
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template: { ${selected}, spec: { containers: [{ name: web, image: web, ports: [{ name: http, containerPort: 8080 }] }] } }
`;
  const service = WEB.replace('port: 80', 'port: 80\n      targetPort: http').replace(
    'spec:',
    'spec:\n  selector: { app: web }',
  );
  const hook = (annotation: string, status = '') => `apiVersion: v1
kind: Pod
metadata: { name: web-test, labels: { app: web }, annotations: { ${annotation} } }
spec: { containers: [{ name: curl, image: curl }] }
${status}`;
  const job = `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: pre-install } }
spec: { template: { ${selected}, spec: { restartPolicy: Never, containers: [{ name: migrate, image: web }] } } }
`;

  test.each([
    ['a test of Helm', hook('helm.sh/hook: test')],
    ['one of Argo CD', hook('argocd.argoproj.io/hook: PostSync')],
    ['a Job', job],
  ])('run once, and serve nobody: %s', async (_, text) => {
    const root = repository({ 'all.yaml': [service, deployment, text].join('---\n') });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const { stdout, stderr } = await runProgram(['render', '--synthesize-pods', root]);
    expect(stdout.match(/DNAT --to-destination/g)).toHaveLength(1);
    expect(stderr).not.toContain('warning');
  });

  test('and mistakes in them are mistakes', async () => {
    const root = repository({ 'all.yaml': hook('helm.sh/hook: test').replace(', image: curl', '') });
    expect(await validate(root)).toMatchObject({ exitCode: 1, said: ['error container-image-valid'] });
  });

  test('a cluster says whether they run', async () => {
    const status =
      'status: { phase: Running, podIPs: [{ ip: 10.244.0.9 }], conditions: [{ type: Ready, status: "True" }] }\n';
    const text = [service.replace('targetPort: http', 'targetPort: 81'), hook('helm.sh/hook: test', status)];
    const { stdout } = await runProgram(['render', repository({ 'all.yaml': text.join('---\n') })]);
    expect(stdout).toContain('--to-destination 10.244.0.9:81');
  });
});

describe('kustomize', () => {
  const files = {
    'base/web.yaml': `${WEB}---\n${DEPLOYMENT}`,
    'base/kustomization.yaml': 'resources: [web.yaml]\ncommonLabels: {app: web}\n',
    'prod/kustomization.yaml':
      'resources: [../base]\npatches:\n  - path: replicas.yaml\npatchesStrategicMerge: [svc.yaml]\n',
    'prod/replicas.yaml': DEPLOYMENT,
    'prod/svc.yaml': WEB.slice(0, WEB.indexOf('ports:')),
  };

  test('patches are passed over, and what bases lack is no error', async () => {
    const { exitCode, said, stderr } = await validate(repository(files), '-v');
    expect(exitCode).toBe(0);
    expect(new Set(said.map((line) => line.split(' ')[0]))).toEqual(new Set(['info']));
    expect(stderr).toContain('prod/svc.yaml: it is an ingredient of');
  });

  test('a namespace that it sets brings together what stands apart', async () => {
    const labels = 'labels: { app: web }';
    const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { ${labels} }, spec: { containers: [{ name: web, image: web }] } }
`;
    const other = deployment.replaceAll('web', 'other').replace(', namespace: shop', '');
    const service = WEB.replace('spec:', 'spec:\n  selector: { app: web }');
    const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec: { defaultBackend: { service: { name: web, port: { number: 80 } } } }
`;
    const api = service
      .replaceAll('web', 'api')
      .replace('0.10', '0.11')
      .replace('name: api', 'name: api\n  namespace: shop');
    const apart = {
      'shop/all.yaml': [service, deployment, other, ingress, api.replace('app: api', 'app: web')].join(
        '---\n',
      ),
    };
    const said = (severity: string) => [
      `${severity} selector-matches-pods`,
      `${severity} backend-service-exists`,
    ];
    expect(await validate(repository(apart))).toMatchObject({ said: said('warning') });
    const built = { ...apart, 'shop/kustomization.yaml': 'namespace: shop\nresources: [all.yaml]\n' };
    expect(await validate(repository(built))).toMatchObject({ exitCode: 0, said: said('info') });
  });

  test('what is in a folder of patches may be one, whoever names it', async () => {
    const root = repository({ 'web.yaml': WEB, 'kind/patches/web.yaml': DEPLOYMENT });
    const { exitCode, said } = await validate(root);
    expect({ exitCode, said }).toEqual({
      exitCode: 0,
      said: ['info workload-selector-matches'],
    });
  });

  test.each(['patch-web.yaml', 'web_patch_coverage.yaml', 'web.patch.yml'])(
    'what is called a patch may be one: %s',
    async (name) => {
      const said = ['info workload-selector-matches'];
      expect(await validate(repository({ 'web.yaml': WEB, [name]: DEPLOYMENT }))).toMatchObject({ said });
      const other = name.replace('patch', 'dispatch');
      expect((await validate(repository({ 'web.yaml': WEB, [other]: DEPLOYMENT }))).exitCode).toBe(1);
    },
  );

  test('what end-to-end tests compare a cluster with lacks what it fills in', async () => {
    const expected = { 'web.yaml': WEB, 'e2e-tests/scaling/compare/web.yaml': DEPLOYMENT };
    const { exitCode, said } = await validate(repository(expected));
    expect({ exitCode, said }).toEqual({
      exitCode: 0,
      said: ['info workload-selector-matches'],
    });
    const deployed = { 'web.yaml': WEB, 'k8s/compare/web.yaml': DEPLOYMENT };
    expect((await validate(repository(deployed))).exitCode).toBe(1);
  });

  test('other mistakes in bases are errors all the same', async () => {
    const root = repository({ ...files, 'base/web.yaml': WEB.replace('port: 80', 'port: 0') });
    expect(await validate(root)).toMatchObject({
      exitCode: 1,
      said: ['error target-port-valid', 'error service-port-in-range'],
    });
  });

  test('patches that say so are told', async () => {
    const text = `${DEPLOYMENT.split('spec:')[0]}$patch: delete\n`;
    const root = repository({ 'web.yaml': WEB, 'delete.yaml': text });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const named = await validate(join(root, 'delete.yaml'));
    expect(named).toMatchObject({ exitCode: 1, said: ['error kustomize-patch'] });
  });
});

describe('foreign files', () => {
  test('are passed over when they are found, and refused when they are named', async () => {
    const root = repository({
      'web.yaml': WEB,
      'tsconfig.json': TSCONFIG,
      'records.json': '{"a": 1}\n{"a": 2}\n',
      'mkdocs.yml': 'nav:\n  - !!python/name:x\n  - a: b: c\n',
      'image.json': '\u0000\u0001',
    });
    symlinkSync('nowhere.yaml', join(root, 'other.yaml'));
    for (const each of [[], ['--each']]) {
      const found = await validate(root, ...each);
      expect(found).toMatchObject({ exitCode: 0, said: ['warning link-leads-somewhere'] });
    }
    expect((await validate(root, '-v')).stderr).toMatch(
      /tsconfig\.json:\d+:\d+: this is no Kubernetes object/,
    );
    for (const name of ['tsconfig.json', 'records.json', 'mkdocs.yml', 'image.json'])
      expect((await validate(join(root, name))).exitCode, name).toBe(1);
  });

  test('a kind and a spec make no object of what other programs read', async () => {
    const foreign = 'kind: WorkloadGroup\nmetadata: { name: a }\nspec: { a: 1 }\n';
    const root = repository({ 'web.yaml': WEB, 'group.yaml': foreign });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    for (const kind of ['Service', 'Servcie']) {
      const meant = repository({ 'web.yaml': WEB, 'group.yaml': foreign.replace('WorkloadGroup', kind) });
      expect(await validate(meant)).toMatchObject({ exitCode: 1, said: ['error manifest-has-api-version'] });
    }
  });

  test('broken manifests are errors wherever they are', async () => {
    const root = repository({ 'web.yaml': WEB, 'broken.yaml': `${WEB}   - x: [\n` });
    expect(await validate(root)).toMatchObject({ exitCode: 1, said: ['error yaml-syntax'] });
  });

  test('templates are worth an info when they are found', async () => {
    const root = repository({ 'web.yaml': WEB, 'nginx.yaml': TEMPLATE });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['info unrendered-template'] });
  });

  test('a folder without any object is worth a warning', async () => {
    const root = repository({ 'package.json': '{}' });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['warning input-has-manifests'] });
    expect((await runProgram(['render', root])).exitCode).toBe(1);
  });

  test.each([
    ['nothing', { '.keep': '' }],
    ['no file to read', { 'README.md': '# web\n' }],
    ['only what is left out', { '.svcgenignore': 'web.yaml\n', 'web.yaml': WEB }],
  ])('a folder that holds %s is an error: its name may be wrong', async (_, files) => {
    const root = repository(files);
    expect(await validate(root)).toMatchObject({ exitCode: 1, said: ['error folder-has-manifests'] });
  });
});

describe('objects that are defined twice', () => {
  const OTHER = WEB.replace('80', '81');

  test('are one when they are equal, whatever the order of their fields', async () => {
    const same =
      'kind: Service\napiVersion: v1\nspec: {ports: [{port: 80}], clusterIP: 10.96.0.10}\nmetadata: {name: web}\n';
    const root = repository({ 'web.yaml': WEB, 'all.yaml': same });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const rendered = await runProgram(['render', root]);
    expect(rendered.stdout).toBe((await runProgram(['render', join(root, 'web.yaml')])).stdout);
  });

  test('are alternatives in different folders, which can be judged, but not rendered', async () => {
    const root = repository({ 'aws/web.yaml': WEB, 'kind/web.yaml': OTHER });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['info object-unique'] });
    expect(await runProgram(['render', root])).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test('are alternatives in one folder when files share several', async () => {
    const [api, otherApi] = [WEB, OTHER].map((text) => text.replace('web', 'api').replace('0.10', '0.11'));
    const root = repository({ 'native.yaml': `${WEB}---\n${api}`, 'frr.yaml': `${OTHER}---\n${otherApi}` });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['warning object-unique'] });
    expect(await runProgram(['render', root])).toMatchObject({ exitCode: 1, stdout: '' });
    const named = await validate(join(root, 'native.yaml'), join(root, 'frr.yaml'));
    expect(named).toMatchObject({ exitCode: 1, said: ['error object-unique', 'error object-unique'] });
  });

  test('are alternatives in one folder when three files define them', async () => {
    const files = { 'nodeport.yaml': WEB, 'loadbalancer.yaml': OTHER, 'aws.yaml': WEB.replace('80', '82') };
    expect(await validate(repository(files))).toMatchObject({
      exitCode: 0,
      said: ['warning object-unique', 'warning object-unique'],
    });
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: all }\n---\n';
    const slip = { 'a.yaml': settings + WEB, 'b.yaml': OTHER, 'c.yaml': settings, 'd.yaml': settings };
    expect(await validate(repository(slip))).toMatchObject({ exitCode: 1, said: ['error object-unique'] });
  });

  test('are alternatives in one folder whatever other folders define', async () => {
    const [api = '', otherApi] = [WEB, OTHER].map((text) =>
      text.replace('web', 'api').replace('0.10', '0.11'),
    );
    const root = repository({
      'a/api.yaml': api,
      'b/ipv4.yaml': `${WEB}---\n${api}`,
      'b/dual-stack.yaml': `${OTHER}---\n${otherApi}`,
    });
    expect(await validate(root)).toMatchObject({
      exitCode: 0,
      said: ['info object-unique', 'warning object-unique'],
    });
  });

  test('are alternatives in one folder when files share objects of other kinds', async () => {
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n---\n';
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: web }\n---\n';
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n---\n';
    const other = WEB.replace('port: 80', 'port: 81');
    const variants = { 'a.yaml': settings + account + WEB, 'b.yaml': settings + account + other };
    expect(await validate(repository(variants))).toMatchObject({
      exitCode: 0,
      said: ['warning object-unique'],
    });
    const slip = { 'a.yaml': namespace + settings + WEB, 'b.yaml': namespace + other };
    expect(await validate(repository(slip))).toMatchObject({ exitCode: 1, said: ['error object-unique'] });
  });

  test('what claims the same address in alternative folders is no error', async () => {
    const root = repository({ 'aws/web.yaml': WEB, 'kind/web.yaml': WEB.replace('web', 'site') });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['info cluster-ip-not-taken'] });
    const together = repository({ 'a.yaml': WEB, 'b.yaml': WEB.replace('web', 'site') });
    expect(await validate(together)).toMatchObject({ exitCode: 1, said: ['error cluster-ip-not-taken'] });
  });

  test('contradict each other in one folder, unless it is said which one counts', async () => {
    const root = repository({ 'a.yaml': WEB, 'b.yaml': OTHER });
    expect(await validate(root)).toMatchObject({ exitCode: 1, said: ['error object-unique'] });
    expect((await runProgram(['render', '--duplicates', 'first', root])).stdout).toContain('--dport 80');
    expect((await runProgram(['render', '--duplicates', 'last', root])).stdout).toContain('--dport 81');
  });
});

describe('an object with "metadata: {}"', () => {
  const pattern =
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {}\nspec: {template: {spec: {containers: [{name: a}]}}}\n';

  test('is a pattern that a program makes objects of, where it is found in a folder', async () => {
    expect(await validate(repository({ 'proxy.yaml': pattern }))).toMatchObject({
      exitCode: 0,
      said: ['info object-named'],
    });
  });

  test.each([
    ['is named by itself', pattern, 'proxy.yaml'],
    ['has no metadata at all', pattern.replace('metadata: {}\n', ''), ''],
    ['has other metadata', pattern.replace('{}', '{labels: {app: a}}'), ''],
  ])('is wrong where it %s', async (_, text, path) => {
    const { exitCode, said } = await validate(join(repository({ 'proxy.yaml': text }), path));
    expect(exitCode).toBe(1);
    expect(said).toContain('error object-named');
  });

  test('is wrong where what it has is wrong', async () => {
    const text = pattern.replace('name: a', 'name: A_B');
    expect(await validate(repository({ 'proxy.yaml': text }))).toMatchObject({ exitCode: 1 });
  });
});

describe('placeholders', () => {
  const port = (value: string) => WEB.replace('port: 80', `port: ${value}`);
  test.each([
    [`\${WEB_PORT}`, port(`\${WEB_PORT}`), 'envsubst'],
    [`\${WEB_PORT:=80}`, port(`\${WEB_PORT:=80}`), 'flux build kustomization'],
    ['$(WEB_PORT)', port('$(WEB_PORT)'), 'kubectl kustomize'],
    ['{{ .Values.port }}', port('"{{ .Values.port }}"'), 'helm template'],
    ['{PREFIX}', WEB.replace('10.96.0.10', '{PREFIX}.16'), 'script'],
    ['{NAME}', WEB.replace('name: web', 'name: {NAME}'), 'script'],
    ['<node-hostname>', WEB.replace('name: web', 'name: <node-hostname>'), 'script'],
    ['%name%', WEB.replace('name: web', 'name: %name%'), 'script'],
    ['%name%', WEB.replace('name: web', 'name: a-%name%'), 'script'],
    ['$WEB_PORT', port('$WEB_PORT'), 'envsubst'],
    ['__WEB_PORT__', port('__WEB_PORT__'), 'script'],
    ['REPLACEME', WEB.replace('name: web', 'name: REPLACEME-web'), 'script'],
    ['REPLACE_ME', port('REPLACE_ME'), 'script'],
    ['YOUR_DOMAIN', WEB.replace('name: web', 'name: YOUR_DOMAIN'), 'script'],
    ['FILLED BY THE OPERATOR', WEB.replace('name: web', 'name: FILLED BY THE OPERATOR'), 'script'],
    ['($web_port)', port('($web_port)'), 'Chainsaw'],
    ['#WEB_PORT', port('#WEB_PORT'), 'script'],
    ['#@ data.values.port', port('#@ data.values.port'), 'script'],
    ['PORT', port('PORT'), 'script'],
    ['#{WEB_PORT}', port('#{WEB_PORT}'), 'script'],
    ['%%%', WEB.replace('name: web', 'name: %%%'), 'script'],
    ['@@', WEB.replace('name: web', 'name: "@@"'), 'script'],
    ['@STS_NAME@', WEB.replace('name: web', 'name: @STS_NAME@'), 'script'],
  ])('%s is not rendered yet', async (placeholder, text, tool) => {
    const root = repository({
      'web.yaml': text,
      'other.yaml': WEB.replace('0.10', '0.11').replace('web', 'b'),
    });
    const named = await runProgram(['validate', '--output', 'json', join(root, 'web.yaml')]);
    const { diagnostics } = JSON.parse(named.stdout);
    expect(diagnostics).toMatchObject([
      {
        severity: 'error',
        code: 'unrendered-template',
        message: `${placeholder} is a placeholder: this is no manifest before it is filled in`,
        hint: expect.stringContaining(tool),
      },
    ]);
    expect(named.exitCode).toBe(1);
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['info unrendered-template'] });
    const rendered = await runProgram(['render', root]);
    expect(rendered).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('10.96.0.11') });
  });

  test.each(['template.yaml', 'web-template.yaml', 'web.tmpl.yaml'])(
    'are names of values in files of folders that are called templates: %s',
    async (name) => {
      const template = WEB.replace('name: web', 'name: service_name');
      expect(await validate(repository({ [name]: template }))).toMatchObject({
        exitCode: 0,
        said: ['info unrendered-template'],
      });
      const wrong = { exitCode: 1, said: ['error object-name-valid'] };
      expect(await validate(join(repository({ [name]: template }), name))).toMatchObject(wrong);
      expect(await validate(repository({ 'web.yaml': template }))).toMatchObject(wrong);
      const typo = WEB.replace('name: web', 'name: Web');
      expect(await validate(repository({ [name]: typo }))).toMatchObject(wrong);
    },
  );

  test('are no words of YAML or of people', async () => {
    for (const value of ['# PORT', '#PORT of the web', 'ON', 'http'])
      expect(await validate(repository({ 'web.yaml': port(value) }))).toMatchObject({ exitCode: 1 });
  });

  test('stand where they do no harm', async () => {
    const command = 'containers: [{name: a, image: a, args: ["--ip=$(POD_IP)", "<none>", "%h%"]}]';
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {${command}}\n`;
    expect(await validate(join(repository({ 'pod.yaml': pod }), 'pod.yaml'))).toMatchObject({ said: [] });
  });

  test('leave errors of other objects what they are', async () => {
    const bad = WEB.replace('web', 'bad').replace('- port: 80', '- {port: 80, protocol: HTTP}');
    const root = repository({ 'web.yaml': `${port('$(X)')}---\n${bad}` });
    const said = ['info unrendered-template', 'error service-port-protocol-known'];
    expect(await validate(root)).toMatchObject({ exitCode: 1, said });
  });
});

describe('what is left out of folders', () => {
  const bad = WEB.replace('80', '0');
  const found = async (root: string, ...argv: readonly string[]) => {
    const { diagnostics } = JSON.parse(
      (await runProgram(['validate', '--output', 'json', ...argv, root])).stdout,
    );
    const files = diagnostics.flatMap(({ file }: { file?: string }) => file ?? []);
    return [...new Set(files.map((file: string) => file.slice(root.length + 1)))];
  };
  const files = {
    '.git/HEAD': '',
    'rendered/all.yaml': bad,
    'rendered/kept.yaml': bad,
    'a/out.yaml': bad,
    'a/b/out.yaml': bad,
    'a/b/in.yaml': bad,
  };

  test.each([
    ['rendered/', ['a/b/in.yaml', 'a/b/out.yaml', 'a/out.yaml']],
    ['rendered/*\n!kept.yaml', ['a/b/in.yaml', 'a/b/out.yaml', 'a/out.yaml', 'rendered/kept.yaml']],
    ['/a/out.yaml\n# in.yaml\nrendered', ['a/b/in.yaml', 'a/b/out.yaml']],
    ['out.yaml  \nall.yaml\nkept.yaml/', ['a/b/in.yaml', 'rendered/kept.yaml']],
    ['a/**/out.yaml\n[', ['a/b/in.yaml', 'rendered/all.yaml', 'rendered/kept.yaml']],
  ])('by .gitignore: %j', async (lines, left) => {
    const root = repository({ ...files, '.gitignore': `${lines}\n` });
    expect(await found(root)).toEqual(left);
    expect(await found(root, '--no-ignore-vcs')).toHaveLength(5);
  });

  test('an inner file decides over outer ones, and outer ones hold in folders that are named', async () => {
    const root = repository({
      ...files,
      '.gitignore': 'out.yaml\nrendered\n',
      'a/b/.gitignore': '!out.yaml\nin.yaml\n',
    });
    expect(await found(root)).toEqual(['a/b/out.yaml']);
    expect(await found(join(root, 'a'))).toEqual(['b/out.yaml']);
    expect(await found(join(root, 'rendered'))).toEqual(['all.yaml', 'kept.yaml']);
  });

  test('.gitignore means nothing outside of a work tree, .svcgenignore always does', async () => {
    const { '.git/HEAD': _, ...outside } = files;
    const root = repository({ ...outside, '.gitignore': 'a\n', '.svcgenignore': 'rendered\n' });
    expect(await found(root)).toEqual(['a/b/in.yaml', 'a/b/out.yaml', 'a/out.yaml']);
  });

  test('is said', async () => {
    const root = repository({ '.git/HEAD': '', 'web.yaml': WEB, 'out/web.yaml': bad, '.gitignore': 'out\n' });
    const { stderr } = await runProgram(['render', '-v', root]);
    expect(stderr).toContain('1 Service, 0 with endpoints; 1 path left out by .gitignore or .svcgenignore\n');
    expect(stderr).toContain('out: a .gitignore or .svcgenignore leaves it out\n');
  });

  test('what a test only compares a cluster with', async () => {
    const chainsaw = `apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
metadata: {name: web}
spec: {steps: [{try: [{apply: {file: web.yaml}}, {assert: {file: ready.yaml}}]}]}
`;
    const root = repository({
      'chainsaw/chainsaw-test.yaml': chainsaw,
      'chainsaw/web.yaml': WEB,
      'chainsaw/ready.yaml': DEPLOYMENT,
      'kuttl/01-assert.yaml': DEPLOYMENT,
      'kuttl/02-errors.yaml': DEPLOYMENT,
    });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    expect((await validate(join(root, 'kuttl/01-assert.yaml'))).exitCode).toBe(1);
  });

  test('what patterns of a test of Chainsaw stand for', async () => {
    const chainsaw = `apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
metadata: {name: web}
spec: {steps: [{try: [{apply: {file: 'web.y?ml'}}, {assert: {file: 'ready/*-[0-9].yaml'}}, {error: {file: '../*.yaml'}}]}]}
`;
    const root = repository({
      'a/chainsaw-test.yaml': chainsaw,
      'a/web.yaml': WEB,
      'a/ready/web-1.yaml': DEPLOYMENT,
      'a/ready/.web-2.yaml': DEPLOYMENT,
    });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const { stderr } = await validate(root, '-v');
    expect(stderr).toContain('a/ready/web-1.yaml: it is an ingredient of');
    const others = { 'other.yaml': DEPLOYMENT, 'a/ready/web-a.yaml': DEPLOYMENT };
    for (const [name, text] of Object.entries(others)) {
      const wrong = repository({ 'a/chainsaw-test.yaml': chainsaw, 'a/web.yaml': WEB, [name]: text });
      expect((await validate(wrong)).said).toContain('error workload-selector-matches');
    }
  });

  test('what any test of a file with several compares with, and what changes objects that are there', async () => {
    const test = (steps: string) => `apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
metadata: {name: web}
spec: {steps: [{try: [${steps}]}]}
`;
    const tests = [test('{apply: {file: web.yaml}}'), test('{assert: {file: ready.yaml}}')].join('---\n');
    const files = { 'a/web.yaml': WEB, 'a/ready.yaml': DEPLOYMENT };
    const root = repository({ ...files, 'a/chainsaw-test.yaml': tests });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const changing = repository({
      ...files,
      'a/chainsaw-test.yaml': test('{apply: {file: web.yaml}}, {update: {file: ready.yaml}}'),
    });
    expect(await validate(changing)).toMatchObject({
      exitCode: 0,
      said: ['info workload-selector-matches'],
    });
  });

  test('uids of owners, in what a test compares with', async () => {
    const owned = WEB.replace(
      'metadata:',
      'metadata:\n  ownerReferences: [{apiVersion: a/v1, kind: B, name: c, controller: true}]',
    );
    const root = repository({ 'e2e-tests/one/compare/service.yaml': owned });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['info owner-reference-valid'] });
    const plain = repository({ 'deploy/service.yaml': owned });
    expect(await validate(plain)).toMatchObject({ exitCode: 1, said: ['error owner-reference-valid'] });
  });

  test('what a test of Chainsaw applies, if it is compared with, too', async () => {
    const test = `apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
spec: { steps: [{ try: [{ assert: { file: web.yaml } }, { apply: { file: web.yaml } }, { assert: { file: ready.yaml } }] }] }
`;
    const root = repository({
      'chainsaw-test.yaml': test,
      'web.yaml': WEB.replace('port: 80', 'port: 0'),
      'ready.yaml': WEB.replace('port: 80', 'port: 0'),
    });
    const { said, stderr } = await validate(root, '-v');
    expect(said).toContain('error service-port-in-range');
    expect(stderr).toContain(`passed over: ${root}/ready.yaml: it is an ingredient of`);
  });

  test('a folder without objects says what its files hold instead', async () => {
    const root = repository({ 'kyverno-test.yaml': 'name: x\npolicies: []\n', 'b.json': '[]', 'c.yaml': '' });
    const { stdout, exitCode } = await runProgram(['validate', root]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('there is no Kubernetes object in any of the 3 files found');
    expect(stdout).toContain(
      `${root}/kyverno-test.yaml:1:1: note: this is no Kubernetes object: it has no apiVersion and kind`,
    );
    expect(stdout).toContain(`${root}/b.json:1:1: note: this is no Kubernetes object: a list is no map`);
    const many = repository(Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`${at}.json`, '[]'])));
    expect((await runProgram(['validate', many])).stdout).toContain('-v shows 3 more');
    const empty = await runProgram(['validate', repository({ 'c.yaml': '# nothing\n' })]);
    expect(empty.stdout).toContain('there is nothing in them, or comments alone');
  });

  test.each([
    [
      'a test',
      { 'kyverno-test.yaml': 'apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\n' },
      'it is a test, not an object',
    ],
    ['what a test compares with', { '01-assert.yaml': WEB }, 'kuttl compares a cluster with it'],
    ['a kustomization', { 'kustomization.yaml': 'resources: [../base]\n' }, 'it is a kustomization'],
  ])('a folder that holds nothing but %s', async (_, files, reason) => {
    const root = repository(files);
    const { exitCode, said, messages } = await validate(root);
    expect({ exitCode, said }).toEqual({ exitCode: 0, said: ['warning input-has-manifests'] });
    expect(messages[0]).toBe(
      `there is no Kubernetes object to read: "${root}/${Object.keys(files)[0]}" (${reason}) is passed over`,
    );
    const rendered = await runProgram(['render', root]);
    expect(rendered).toMatchObject({ exitCode: 1, stdout: '' });
    expect(rendered.stderr).toContain(`error[input-has-manifests]: ${messages[0]}\n  hint: `);
  });

  test('what a test of Chainsaw wants refused, and nothing else that it applies', async () => {
    const test = (expected: string) => `apiVersion: chainsaw.kyverno.io/v1alpha1
kind: Test
metadata: {name: web}
spec: {steps: [{try: [{apply: {file: bad.yaml, expect: [{check: {"($error != null)": ${expected}}}]}}]}]}
`;
    const root = repository({ 'a/chainsaw-test.yaml': test('true'), 'a/bad.yaml': bad });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['warning input-has-manifests'] });
    writeFileSync(join(root, 'a/chainsaw-test.yaml'), test('false'));
    expect((await validate(root)).exitCode).toBe(1);
  });

  test.each([
    ['kyverno-test.yaml', 'apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nresources: [bad.yaml]\n'],
    [
      'kyverno-test.yaml',
      'apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nresults: [{patchedResources: bad.yaml}]\n',
    ],
    [
      'suite.yaml',
      'apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\ntests: [{cases: [{object: bad.yaml}]}]\n',
    ],
    [
      'suite.yaml',
      'apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\ntests: [{cases: [{inventory: [bad.yaml]}]}]\n',
    ],
  ])('what %s tries a policy on: %s', async (name, text) => {
    const root = repository({ [`a/${name}`]: text, 'a/bad.yaml': bad, 'web.yaml': WEB });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const why = (await runProgram(['validate', '-v', root])).stderr;
    expect(why).toContain(`a/${name}`);
    expect((await validate(join(root, 'a/bad.yaml'))).exitCode).toBe(1);
  });

  test.each([
    ['kyverno-test.yaml', 'apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nresources: [../bad.yaml]\n'],
    [
      'suite.yaml',
      'apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\ntests: [{cases: [{object: ../bad.yaml}]}]\n',
    ],
  ])('but not what is outside of its folder, which may be deployed: %s', async (name, text) => {
    const root = repository({ [`a/${name}`]: text, 'bad.yaml': bad });
    expect((await validate(root)).exitCode).toBe(1);
  });

  test('no more than that: a suite of somebody else is a file like others', async () => {
    const suite = 'apiVersion: example.com/v1\nkind: Suite\ntests: [{cases: [{object: bad.yaml}]}]\n';
    expect((await validate(repository({ 'suite.yaml': suite, 'bad.yaml': bad }))).exitCode).toBe(1);
  });

  test('keys that stand twice in a file that is no manifest', async () => {
    const root = repository({ 'run.yaml': 'actions: {stdout: 1, stdout: 2}\n', 'web.yaml': WEB });
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
    const twice = WEB.replace('kind: Service', 'kind: Service\nkind: Service');
    writeFileSync(join(root, 'web.yaml'), twice);
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['warning duplicate-key'] });
  });
});

test('where most errors are in folders of tests, it says how to leave them out', async () => {
  const bad = Array.from({ length: 10 }, (_, index) => [`a/testdata/${index}.yaml`, WEB.replace('80', '0')]);
  const root = repository({ ...Object.fromEntries(bad), 'web.yaml': WEB });
  const { stderr } = await runProgram(['validate', root]);
  expect(stderr).toContain(
    '20 of 20 errors are in folders of tests: in a file .svcgenignore, testdata/ would leave these out\n',
  );
  writeFileSync(join(root, '.svcgenignore'), 'testdata/\n');
  expect(await runProgram(['validate', root])).toMatchObject({ exitCode: 0, stderr: '' });
});

test('Services find the pods that OLM makes of a ClusterServiceVersion, in whatever namespace', async () => {
  const csv = (app: string) => `apiVersion: operators.coreos.com/v1alpha1
kind: ClusterServiceVersion
metadata: {name: web.v1, namespace: placeholder}
spec:
  install:
    strategy: deployment
    spec: {deployments: [{name: web, spec: {template: {metadata: {labels: {app: ${app}, v: "1"}}}}}]}
`;
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n';
  const web = WEB.replace('spec:\n', 'spec:\n  selector: {app: web}\n');
  const root = repository({ 'csv.yaml': csv('web'), 'pod.yaml': pod, 'web.yaml': web });
  expect(await validate(root)).toMatchObject({ exitCode: 0, said: [] });
  writeFileSync(join(root, 'csv.yaml'), csv('other'));
  expect((await validate(root)).said).toEqual(['warning selector-matches-pods']);
});

test('selectors of examples are doubted where there are pods beside them, or any that come near', async () => {
  const pod = (labels: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {${labels}}}\nspec: {containers: [{name: a, image: a}]}\n`;
  const web = WEB.replace('spec:\n', 'spec:\n  selector: {app: web}\n');
  const said = async (files: Readonly<Record<string, string>>) => (await validate(repository(files))).said;
  expect(await said({ 'pods/pod.yaml': pod('app: nginx'), 'services/web.yaml': web })).toEqual([
    'info selector-matches-pods',
  ]);
  const doubted = ['warning selector-matches-pods'];
  expect(await said({ 'web/pod.yaml': pod('app: nginx'), 'web/web.yaml': web })).toEqual(doubted);
  expect(await said({ 'pods/pod.yaml': pod('app: webb'), 'services/web.yaml': web })).toEqual(doubted);
});

describe('backends of Ingresses', () => {
  const ingress = (name: string, port: number) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {defaultBackend: {service: {name: ${name}, port: {number: ${port}}}}}
`;

  test('are looked for in their own folder', async () => {
    const root = repository({ 'web/web.yaml': WEB, 'docs/ingress.yaml': ingress('elsewhere', 80) });
    expect(await validate(root)).toMatchObject({ said: [] });
    writeFileSync(join(root, 'web/ingress.yaml'), ingress('elsewhere', 80));
    expect(await validate(root)).toMatchObject({ exitCode: 0, said: ['warning backend-service-exists'] });
  });

  test('have the ports of the Service beside them', async () => {
    const apart = repository({ 'web.yaml': WEB, 'ingress.yaml': ingress('web', 8080) });
    expect(await validate(apart)).toMatchObject({ said: [] });
    const both = [join(apart, 'web.yaml'), join(apart, 'ingress.yaml')];
    expect(await validate('--duplicates', 'error', ...both)).toMatchObject({
      said: ['warning backend-service-exists'],
    });
    const together = repository({ 'web.yaml': `${WEB}---\n${ingress('web', 8080)}` });
    expect(await validate(together)).toMatchObject({ said: ['warning backend-service-exists'] });
  });
});
