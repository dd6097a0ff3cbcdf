import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

let bundledAgent: string | undefined;

/** The agent and what it imports as one JavaScript text, so that it runs without a file on disk. */
export function agentCode(): string {
  bundledAgent ??= bundle(new URL('./agent.ts', import.meta.url));
  return bundledAgent;
}

/** A program and what it imports as one JavaScript text. */
export function bundle(program: URL): string {
  const output = buildSync({
    entryPoints: [fileURLToPath(program)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return output.outputFiles[0]?.text ?? '';
}
