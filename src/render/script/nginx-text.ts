import { hereDocument } from './parts.ts';

/** The nginx that a script runs. */
export interface ScriptNginx {
  /** A whole nginx.conf, read once; undefined: no nginx of ours is to run. */
  readonly configuration: Iterable<string> | undefined;
  /** Debian packages that have all it takes. */
  readonly packages: string;
  /** Rules lead to it, so it is there before them. */
  readonly isFirst?: boolean;
}

/** What a script calls: before anything is changed, and when nginx is to be what is wanted. */
export interface NginxSteps {
  readonly check: readonly string[];
  readonly change: readonly string[];
}

/** Shell functions that run it, with what it is to do. */
export function* nginxFunctions({ configuration, packages }: ScriptNginx): Generator<string> {
  yield NGINX_REMOVAL;
  if (configuration === undefined) return;
  yield* hereDocument('wanted_nginx', configuration);
  yield `\nnginx_packages='${packages}'\n`;
  yield NGINX_RUN;
}

/** Steps of a script. */
export function nginxSteps({ configuration, isFirst = false }: ScriptNginx): NginxSteps {
  if (configuration === undefined) return { check: [], change: ['remove_nginx'] };
  return isFirst
    ? { check: ['check_nginx', 'run_nginx'], change: [] }
    : { check: ['check_nginx'], change: ['run_nginx'] };
}

/** Functions that end the nginx of an earlier run. */
export const NGINX_REMOVAL = String.raw`
# nginx_runs: whether an nginx runs that a script like this one has started.
nginx_runs() {
    pid=$(cat /run/svcgen/nginx.pid 2>/dev/null) && [ -n "$pid" ] || return 1
    case $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") in
        *'nginx -c /run/svcgen/nginx.conf '*) ;;
        *) return 1 ;;
    esac
}

# remove_nginx: it ends at once.
remove_nginx() {
    if nginx_runs; then
        kill -TERM "$pid" || fail "cannot end the nginx of an earlier run (process $pid)"
        tries=0
        while [ -d "/proc/$pid" ]; do
            [ "$tries" -lt 100 ] || fail "the nginx of an earlier run does not end (process $pid)"
            tries=$((tries + 1))
            a_moment
        done
    fi
    rm -f /run/svcgen/nginx.conf /run/svcgen/running.conf
}

a_moment() {
    sleep 0.1 2>/dev/null || sleep 1
}
`;

/** Functions that start it, and let it read what is new: `$work/nginx.conf`. They come after those that end it. */
export const NGINX_RUN = String.raw`
# check_nginx: whether nginx takes what it gets. This changes nothing that anybody sees.
check_nginx() {
    command -v nginx >/dev/null || fail "there is no command nginx (Debian, Ubuntu: apt-get install $nginx_packages)"
    [ -d /run/svcgen ] || (umask 022 && mkdir /run/svcgen) || fail 'cannot make the folder /run/svcgen'
    wanted_nginx >"$work/nginx.conf" || fail "cannot write to $work"
    # Each socket that it listens on takes a file; over UDP, one for each worker. It keeps this limit when it reads other
    # configurations, so it gets as many as it may have.
    ulimit -n 1048576 2>/dev/null || ulimit -n "$(ulimit -H -n)" 2>/dev/null || :
    if ! nginx -t -q -c "$work/nginx.conf" 2>"$work/message" 9>&-; then
        cat "$work/message" >&2
        ! grep -q -e 'unknown directive "stream"' "$work/message" ||
            fail "nginx has no module stream (Debian, Ubuntu: apt-get install $nginx_packages); nothing was changed"
        fail 'nginx does not take its configuration, see above; nothing was changed'
    fi
}

# run_nginx: starts it, or lets it read what is new; workers end when their last connection does. What it runs with is
# kept beside, so that a run which was cut off is made up for by the next one.
run_nginx() {
    if nginx_runs; then
        [ "$(cat /run/svcgen/running.conf 2>/dev/null)" != "$(cat "$work/nginx.conf")" ] || return 0
        ! listens_elsewhere || remove_nginx
    fi
    if nginx_runs; then
        rm -f /run/svcgen/running.conf
        cat "$work/nginx.conf" >/run/svcgen/nginx.conf || fail 'cannot write to /run/svcgen'
        reload_nginx
    else
        cat "$work/nginx.conf" >/run/svcgen/nginx.conf || fail 'cannot write to /run/svcgen'
        : >/run/svcgen/error.log
        nginx -c /run/svcgen/nginx.conf </dev/null >/dev/null 2>>/run/svcgen/error.log 9>&- || nginx_failed 'start'
    fi
    cat "$work/nginx.conf" >/run/svcgen/running.conf || fail 'cannot write to /run/svcgen'
}

# listens_elsewhere: whether a port is listened on that it listens on now, but at other addresses. It could not do both for
# a moment, so it has to start anew.
listens_elsewhere() {
    ! awk '
        $1 != "listen" { next }
        { address = $2; sub(/;$/, "", address); port = address; sub(/.*:/, "", port) }
        phase == 1 { is_there[address]; in_use[port] }
        phase == 2 && port in in_use && !(address in is_there) { exit 1 }
    ' phase=1 /run/svcgen/nginx.conf phase=2 "$work/nginx.conf"
}

# reload_nginx: it has read the configuration when a worker is there that was not, and has refused it when it says so. Then
# the workers of before take no more connections, which is in their names.
reload_nginx() {
    children=/proc/$pid/task/$pid/children
    before=" $(cat "$children" 2>/dev/null) "
    troubles=$(count_troubles)
    kill -HUP "$pid" || fail "cannot tell nginx to read its configuration (process $pid)"
    [ -r "$children" ] || return 0
    tries=0
    while [ "$tries" -lt 300 ]; do
        for child in $(cat "$children"); do
            case $before in
                *" $child "*) ;;
                *)
                    ! takes_connections $before || break
                    return 0
                    ;;
            esac
        done
        [ "$(count_troubles)" = "$troubles" ] || break
        tries=$((tries + 1))
        a_moment
    done
    nginx_failed 'read its configuration'
}

# takes_connections WORKER...: whether one of them does. Names end in spaces.
takes_connections() {
    for worker; do
        case $(tr '\0' ' ' 2>/dev/null <"/proc/$worker/cmdline") in
            'nginx: worker process '*'shutting down'*) ;;
            'nginx: worker process '*) return 0 ;;
        esac
    done
    return 1
}

count_troubles() {
    grep -c -e '\[emerg\]' /run/svcgen/error.log || :
}

nginx_failed() {
    awk '{ line[NR] = $0 } END { for (i = NR > 5 ? NR - 4 : 1; i <= NR; i++) print line[i] }' /run/svcgen/error.log >&2
    fail "nginx did not $1, see above: is a port in use by somebody else?"
}
`;
