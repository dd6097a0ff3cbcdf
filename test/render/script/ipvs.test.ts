import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultIPVSSettings, type IPVSSettings } from '../../../src/model/ipvs-settings.ts';
import type { NodeState } from '../../../src/model/node-state.ts';
import { renderArtifact } from '../../../src/modes/index.ts';
import { cidrBits } from '../../../src/render/script/ipvs/render.ts';
import { ipvsNode, ipvsServicePort, ipvsState } from '../../support/ipvs-state.ts';

const ipv4 = ipvsState([ipvsServicePort({ nodePort: 30080 })]);
const noIPv6 = ipvsState([], { family: 'IPv6' });

function script(...states: readonly NodeState[]): string {
  const byFamily = new Map(states.map((state) => [state.family, state]));
  return [
    ...renderArtifact('script', { mode: 'ipvs', states: byFamily, layout: 'kube-proxy', form: 'tables' }),
  ].join('');
}

function withSettings(settings: Partial<IPVSSettings>): NodeState {
  return { ...ipv4, ipvs: ipvsNode({ settings: { ...defaultIPVSSettings, ...settings } }) };
}

/** The lines of a shell function. */
function body(text: string, name: string): readonly string[] {
  const [, rest = ''] = text.split(`\n${name}() {\n`);
  return (rest.split('\n}\n')[0] ?? '').split('\n').map((line) => line.trim());
}

/** Runs some of the script's functions, in place of all that it does. */
function run(text: string, command: string, input = '') {
  const part = text.replace(/^main$/m, () => `work=$(mktemp -d)\n${command}\nrm -rf "$work"`);
  return spawnSync('sh', ['-c', part], { input, encoding: 'utf8' });
}

test('is a shell script, even for the strictest shell', () => {
  for (const shell of ['sh', 'dash', 'bash']) {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: script(ipv4, noIPv6), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
});

test('does nothing when it was cut off anywhere', () => {
  const lines = script(ipv4, noIPv6)
    .replace(/^main$/m, 'echo REACHED')
    .split('\n');
  expect(spawnSync('sh', [], { input: lines.join('\n'), encoding: 'utf8' }).stdout).toBe('REACHED\n');
  for (let count = 1; count < lines.length - 1; count += 9) {
    const { stdout } = spawnSync('sh', [], { input: lines.slice(0, count).join('\n'), encoding: 'utf8' });
    expect(stdout).toBe('');
  }
});

describe('steps', () => {
  test('checks come first, removals last', () => {
    const steps = body(script(ipv4, noIPv6), 'main').filter((line) => !/^(#|set_sysctl|! kernel)/.test(line));
    expect(steps).toEqual([
      'prepare',
      'check_tools',
      'check_kernel rr',
      'plan_sets',
      'plan_servers',
      'plan IPv4 "$IPTABLES" ipv4_rules',
      'make_sets',
      'try_rules IPv4 "$IPTABLES"',
      'keep_sets',
      'change_sets sets.add',
      'program IPv4 "$IPTABLES"',
      'change_servers',
      'change_addresses',
      'remove_tables',
      'clear_rules IPv6 "$IP6TABLES"',
      'change_sets sets.remove',
      'remove_nginx',
    ]);
  });

  test('without Services nothing is asked of the kernel', () => {
    const steps = body(script({ ...ipv4, servicePorts: [] }, noIPv6), 'main');
    expect(steps).not.toContain('check_kernel rr');
    expect(steps.filter((step) => step.startsWith('set_sysctl'))).toEqual([]);
  });

  test('the scheduler is checked, timeouts are set', () => {
    const steps = body(script(withSettings({ scheduler: 'mh', udpTimeoutSeconds: 9 })), 'main');
    expect(steps).toContain('check_kernel mh');
    expect(steps).toContain("ipvsadm --set 0 0 9 || fail 'ipvsadm did not take the timeouts'");
  });
});

test('sets are planned in a folder of any name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'svcgen b\\n=\\\\c-'));
  const commands = `work='${folder}'\nipset() { :; }\nplan_sets\nls "$work"`;
  const { stdout, stderr } = run(script(ipv4), commands);
  rmSync(folder, { recursive: true, force: true });
  expect(stderr).toBe('');
  expect(stdout).toContain('sets.create');
});

describe('the kernel before a version', () => {
  test.each([
    ['5.9.0', false],
    ['5.10.0-generic', false],
    ['6.1', false],
    ['5.8.18', true],
    ['4.19.0-27-amd64', true],
  ])('%s', (release, isBefore) => {
    const command = `uname() { echo ${release}; }\nif kernel_before 5 9; then echo yes; else echo no; fi`;
    expect(run(script(ipv4), command).stdout).toBe(isBefore ? 'yes\n' : 'no\n');
  });
});

describe('CIDRs that are left alone', () => {
  test.each([
    ['10.0.0.0/8', '400001010'],
    ['0.0.0.0/0', '4'],
    ['fd00::/16', '61111110100000000'],
    ['::/0', '6'],
  ])('%s', (cidr, bits) => expect(cidrBits(cidr)).toBe(bits));

  /** What the script would remove, of these virtual servers on the dummy device. */
  function removed(ips: readonly string[], excludeCIDRs: readonly string[]): readonly string[] {
    const keys = ips.map((ip) => `-t ${ip.includes(':') ? `[${ip}]` : ip}:80`);
    const fakes = [
      `ipvsadm() { printf '%s\\n' ${keys.map((key) => `'-A ${key} -s rr'`).join(' ')}; }`,
      `ip() { printf '2: kube-ipvs0 inet %s/32 scope global\\n' ${ips.join(' ')}; }`,
      ': >"$work/sets.present"',
    ];
    // There is no IPVS here: the fake answers all the same.
    const text = script({ ...withSettings({ excludeCIDRs }), servicePorts: [] }, noIPv6).replace(
      '[ -e /proc/net/ip_vs ] || return 0',
      '',
    );
    const { stdout, stderr } = run(text, `${fakes.join('\n')}\nplan_servers\ncat "$work/servers.change"`);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  const ips = ['10.1.2.3', '11.1.2.3', 'fd00:0:1::7', 'fd01::', '::1:2', '1:2:3:4:5:6:7:8', 'fd00:a::b:c'];

  test('none', () => expect(removed(ips, [])).toHaveLength(ips.length));

  test.each([
    ['10.0.0.0/8', ['10.1.2.3']],
    ['10.1.2.2/31', ['10.1.2.3']],
    ['10.1.2.4/31', []],
    ['0.0.0.0/0', ['10.1.2.3', '11.1.2.3']],
    ['fd00::/16', ['fd00:0:1::7', 'fd00:a::b:c']],
    ['fd00:0:1::/48', ['fd00:0:1::7']],
    ['fd01::/128', ['fd01::']],
    ['::/96', ['::1:2']],
    ['1:2:3:4:5:6:7:8/128', ['1:2:3:4:5:6:7:8']],
    ['fd00:a::b:0/112', ['fd00:a::b:c']],
  ])('%s', (cidr, kept) => {
    const gone = removed(ips, [cidr]);
    expect(ips.filter((ip) => !gone.some((line) => line.includes(ip)))).toEqual(kept);
  });
});

describe('the virtual server of a try', () => {
  /** Servers are lines of a file; a signal comes when one has been added. */
  const fakes = (signal: string) => `
load_module() { :; }
ipvsadm() {
    case $1 in
        --save) cat "$servers" ;;
        -A) printf '%s\\n' "$*" >>"$servers"; [ -z "${signal}" ] || kill -s "${signal}" $$ ;;
        -D) grep -v -F -e "$3 " "$servers" >"$servers.new" || :; cat "$servers.new" >"$servers" ;;
    esac
}
servers=$work/servers; at_exit=:; lock=
trap 'clean_up; cat "$servers"' EXIT; trap 'exit 1' HUP INT TERM
clean_up() { "$at_exit" || :; }
`;
  /** What `check_kernel` leaves, on a host that has some. */
  function left(present: readonly string[], { signal = '', scheduler = 'lc' }) {
    const text = script(ipv4).replaceAll('/proc/net/ip_vs', '/dev/null');
    const lines = present.map((line) => `printf '%s\\n' '${line}' >>"$servers"`).join('\n');
    const { stdout, stderr } = run(
      text,
      `${fakes(signal)}: >"$servers"\n${lines}\ncheck_kernel ${scheduler}\nexit 0`,
    );
    return { servers: stdout.split('\n').filter((line) => line !== ''), stderr };
  }
  const TRIAL = '-A -t 198.51.100.0:20000 -s';

  test('does not stay', () => expect(left([], {})).toEqual({ servers: [], stderr: '' }));

  test.each(['HUP', 'INT', 'TERM'])('does not stay after %s', (signal) =>
    expect(left([], { signal })).toEqual({ servers: [], stderr: '' }),
  );

  test.each(['lc', 'rr'])('of a run that was killed goes, and tells nothing of scheduler %s', (scheduler) =>
    expect(left([`${TRIAL} rr`], { scheduler })).toEqual({ servers: [], stderr: '' }),
  );

  test('is not taken from whoever uses it', () => {
    const used = [`${TRIAL} rr`, '-a -t 198.51.100.0:20000 -r 10.0.0.1:80 -m -w 1'];
    const { servers, stderr } = left(used, {});
    expect(servers).toEqual(used);
    expect(stderr).toContain('somebody uses the virtual server 198.51.100.0:20000');
  });

  test('is not tried where the scheduler is in use', () => {
    const used = ['-A -t 10.96.0.1:80 -s lc'];
    expect(left(used, { signal: 'TERM' })).toEqual({ servers: used, stderr: '' });
  });
});
