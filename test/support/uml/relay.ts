import { createReadStream, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AgentLink, startAgent } from '../kernel/agent-process.ts';
import { type RelayRequest, type RelayResponse, requestFile, responseFile } from './uml-protocol.ts';

/**
 * The program that runs inside a User-Mode Linux kernel: starts agents, and passes on what the test on the other
 * side of the serial line asks of them.
 * Arguments: the shared folder, the serial line.
 */

/** A test that is not heard of for so long has ended in some way, and the kernel ends with it. */
const SILENCE_MS = 60_000;

const [folder = '', line = ''] = process.argv.slice(2);
const code = readFileSync(join(folder, 'agent.mjs'), 'utf8');
const agents = new Map<number, AgentLink>();
const output = openSync(line, 'w');

async function answer(request: RelayRequest): Promise<RelayResponse> {
  switch (request.kind) {
    case 'start': {
      const agent = startAgent({ name: request.name, code, sharedWith: request.sharedWith });
      agents.set(agent.pid, agent);
      return { kind: 'started', pid: agent.pid };
    }
    case 'ask': {
      const agent = agents.get(request.pid);
      if (agent === undefined) throw new Error(`there is no agent ${request.pid}`);
      return { kind: 'answered', response: await agent.ask(request.request) };
    }
    case 'stop':
      await agents.get(request.pid)?.stop();
      agents.delete(request.pid);
      return { kind: 'stopped' };
  }
}

async function handle(id: number): Promise<void> {
  let response: RelayResponse;
  try {
    response = await answer(JSON.parse(readFileSync(join(folder, requestFile(id)), 'utf8')));
  } catch (error) {
    response = { kind: 'error', message: String(error) };
  }
  writeFileSync(join(folder, responseFile(id)), JSON.stringify(response));
  writeSync(output, `${id}\n`);
}

let lastHeard = Date.now();
setInterval(() => {
  if (Date.now() - lastHeard > SILENCE_MS) process.exit();
}, 1000);

createInterface({ input: createReadStream(line) }).on('line', (text) => {
  lastHeard = Date.now();
  if (text !== '') void handle(Number(text));
});
writeSync(output, 'ready\n');
