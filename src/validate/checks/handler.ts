import type { FieldPath } from '../../model/field-path.ts';
import { portProblem } from '../formats/port.ts';
import type * as api from '../generated/shapes.js';
import type { Report } from '../rule.ts';
import { describeValue, quoteValue } from '../shape/describe-value.ts';

/** One of them is how a probe asks, or what a lifecycle hook does. */
export interface Handlers {
  readonly exec?: api.ExecAction | null | undefined;
  readonly httpGet?: api.HTTPGetAction | null | undefined;
  readonly tcpSocket?: api.TCPSocketAction | null | undefined;
  readonly grpc?: api.GRPCAction | null | undefined;
  readonly sleep?: api.SleepAction | null | undefined;
}

const HEADER_NAME = /^[-A-Za-z0-9]+$/;

/** validateHandler (1.34): exactly one, and only that one is looked at. */
export function checkHandler(handlers: Handlers, path: FieldPath, report: Report): void {
  const given = Object.entries(handlers).filter(([, handler]) => handler !== null && handler !== undefined);
  if (given.length === 0) {
    report({ field: path, message: 'no handler: one of exec, httpGet, tcpSocket, … is needed' });
    return;
  }
  for (const [key] of given.slice(1))
    report({ field: [...path, key], message: `${key} beside ${given[0]?.[0]}` });
  const { exec, httpGet, tcpSocket, grpc } = handlers;
  const field = [...path, given[0]?.[0] ?? ''];
  if (exec) {
    if (!exec.command?.length) report({ field: [...field, 'command'], message: 'exec needs a command' });
  } else if (httpGet) checkHTTPGet(httpGet, field, report);
  else if (tcpSocket) checkPort(tcpSocket.port ?? 0, field, report);
  else if (grpc) checkPort(grpc.port ?? 0, field, report);
}

function checkHTTPGet(
  { port, scheme, httpHeaders }: api.HTTPGetAction,
  field: FieldPath,
  report: Report,
): void {
  checkPort(port ?? 0, field, report);
  if (scheme && scheme !== 'HTTP' && scheme !== 'HTTPS') {
    report({
      field: [...field, 'scheme'],
      message: `scheme ${quoteValue(scheme)} is neither HTTP nor HTTPS`,
    });
  }
  for (const [index, header] of (httpHeaders ?? []).entries()) {
    const name = header?.name ?? '';
    if (HEADER_NAME.test(name)) continue;
    const list = [...field, 'httpHeaders'];
    report({
      field: list,
      place: [...list, index, 'name'],
      message: `${quoteValue(name)} is no name of a header`,
    });
  }
}

function checkPort(port: number | string, field: FieldPath, report: Report): void {
  const problem = portProblem(port);
  if (problem !== undefined)
    report({ field: [...field, 'port'], message: `port ${describeValue(port)} ${problem}` });
}
