import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let bundledAgent: string | undefined;

/** The agent and what it imports as one JavaScript text, so that it runs without a file on disk. */
export function agentCode(): string {
  bundledAgent ??= bundle(new URL('./agent.ts', import.meta.url));
  return bundledAgent;
}

/** A program of this folder, or of one beside it, as one JavaScript text. */
export function bundle(path: string | URL): string {
  const output = buildSync({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return output.outputFiles[0]?.text ?? '';
}
