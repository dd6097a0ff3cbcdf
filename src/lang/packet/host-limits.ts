import type { SizeLimit } from '../text/size-limit.ts';

/** How much of what `ip` prints is read, as text and as JSON. */
export const HOST_LIMITS: readonly SizeLimit[] = [
  {
    what: 'routes',
    signs: [
      /^(?:(?:blackhole|unreachable|prohibit|throw) )?(?:default|[0-9a-f.:]+(?:\/\d+)?) (?:via|dev|nhid|proto|scope|src|metric)/gm,
      /"dst":/g,
    ],
    most: 2 ** 18,
    hint: 'give only the routes to the networks of pods and of the node, and the default route: "ip route show root 10.244.0.0/16; ip route show default"',
  },
  {
    what: 'addresses of interfaces',
    signs: [/[ \n]inet6? [0-9a-f.:]+\/\d/g, /"local":/g],
    most: 2 ** 18,
    hint: 'give only the interfaces that packets of Services meet: "ip addr show dev eth0"',
  },
];
