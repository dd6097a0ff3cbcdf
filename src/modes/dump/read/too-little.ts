import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { textProblem } from '../../../lang/text/text-problem.ts';
import type { SourceText } from '../../../model/source-text.ts';

/** A form in which a tool prints sets or virtual servers without what rules ask of them. */
interface Form {
  readonly looks: RegExp;
  /** A line in `ipvs` where the text has the same in a form that says all; left out: lines of this form are among them. */
  readonly whole?: RegExp;
  readonly message: string;
  readonly hint: string;
}

const SERVERS = /^-A /m;
const SETS = /^create /m;
const SAVE_SERVERS = 'give what "ipvsadm-save -n" prints, or "ipvsadm -Ln"';
const SAVE_SETS = 'give what "ipset save" prints, or "ipset list"';

const FORMS: readonly Form[] = [
  {
    looks: /^Prot LocalAddress:Port +(?!Scheduler)\S.{0,200}$/m,
    whole: SERVERS,
    message:
      'this list of ipvsadm has neither schedulers nor weights, as with --stats, --rate or --thresholds',
    hint: SAVE_SERVERS,
  },
  {
    looks:
      /^ {0,8}(?:(?:TCP|UDP|SCTP) {1,4}|-> {1,4})(?!\[|\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:|FWM|RemoteAddress)\S{1,300} {1,99}(?:[a-z]{2,10}|Masq|Route|Tunnel|Local)(?: .{0,200})?$/m,
    message: 'ipvsadm printed this virtual server with the name of a host, which is no address',
    hint: SAVE_SERVERS,
  },
  {
    looks: /^<ipsets?[ >].{0,200}$/m,
    whole: SETS,
    message: 'svcgen does not read sets as XML',
    hint: SAVE_SETS,
  },
  {
    looks: /^(?:References|Number of entries): \d{1,12}\r?(?:\n(?!Members:|Number of entries:)|$(?!\n))/m,
    whole: SETS,
    message: 'this set was listed without its members, as with "ipset list -t"',
    hint: SAVE_SETS,
  },
];

/**
 * What a text has of sets or virtual servers only in a form that says too little to follow: an error, since they would look like
 * sets without elements, or like none at all.
 * @param ipvs what it has of them otherwise, as `ipset save` and `ipvsadm-save -n` print it
 */
export function tooLittle(source: SourceText, ipvs: string): Diagnostic | undefined {
  for (const { looks, whole, message, hint } of FORMS) {
    const found = whole?.test(ipvs) === true ? null : looks.exec(source.text);
    if (found === null) continue;
    const place = { start: found.index, end: found.index + found[0].trimEnd().length };
    return textProblem(source, { code: 'saved-rules-text', place, message, hint });
  }
  return undefined;
}
