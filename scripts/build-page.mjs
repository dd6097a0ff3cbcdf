// Makes dist/page.html: the page of `svcgen view`, empty. Everything is in it, and its Content-Security-Policy lets nothing else
// in: no script or style but those whose hashes it names, no request to anywhere.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { importTypeScript } from './import-typescript.mjs';

/** @param root the folder of the repository. @returns the metafiles of what is bundled */
export async function buildPage(root) {
  const [page, worker] = await Promise.all([bundle(root, 'page/main.ts'), bundle(root, 'page/worker.ts')]);
  const { code } = await transform(readFileSync(join(root, 'page/style.css'), 'utf8'), {
    loader: 'css',
    minify: true,
  });
  const style = code.trim();
  const { printSvg } = await importTypeScript('src/graph/print-svg.ts');
  const [, pictureStyle] = /<style>([\s\S]*)<\/style>/.exec(printSvg([]));
  const script = page.text.replaceAll('</script', '<\\/script');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)} ${hashOf(pictureStyle)}`,
    'worker-src blob:',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts = {
    CSP: policy,
    STYLE: style,
    STATE: '',
    // Packed: the library has more than a megabyte, and a third of that in this form.
    COMPILER: deflateRawSync(worker.text, { level: 9 }).toString('base64'),
    SCRIPT: script,
  };
  const html = readFileSync(join(root, 'page/index.html'), 'utf8').replaceAll(
    /%([A-Z]+)%/g,
    (whole, name) => parts[name] ?? whole,
  );
  writeFileSync(join(root, 'dist/page.html'), html);
  return [page.metafile, worker.metafile];
}

async function bundle(root, entryPoint) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    platform: 'browser',
    target: ['chrome105', 'firefox115', 'safari16.4'],
    format: 'iife',
    alias: { yaml: './node_modules/yaml/browser/index.js' },
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'warning',
    minify: true,
    metafile: true,
    write: false,
  });
  return { text: outputFiles[0].text, metafile };
}

function hashOf(text) {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
