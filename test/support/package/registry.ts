import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

export interface Registry {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
  close(): void;
}

/** The version that examples of docs name. */
const NAMED = '1.0.0';

/** A registry of npm on this machine that has one package, svcgen, as `version` and as what examples name. */
export async function serveRegistry(tarball: string, version: string): Promise<Registry> {
  const bytes = readFileSync(tarball);
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(url);
    if (url !== '/svcgen') {
      response.writeHead(url.endsWith('.tgz') ? 200 : 404).end(url.endsWith('.tgz') ? bytes : '{}');
      return;
    }
    const versions = [version, NAMED].map((each) => {
      const dist = { tarball: `http://${headers.host}/svcgen/-/svcgen-${each}.tgz`, integrity };
      return [each, { name: 'svcgen', version: each, dist, bin: { svcgen: 'bin/svcgen.js' } }];
    });
    const tags = { latest: NAMED };
    response.end(
      JSON.stringify({ name: 'svcgen', 'dist-tags': tags, versions: Object.fromEntries(versions) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, asked, close: () => server.close() };
}
