import { StreamLanguage } from '@codemirror/language';

/** iptables-save, nft, shell scripts, zones, variables, YAML of controllers: enough of each to be read with ease. */
const TOKENS: readonly (readonly [RegExp, string])[] = [
  [/^#.*/, 'comment'],
  [/^"(?:[^"\\]|\\.)*"?/, 'string'],
  [/^'[^']*'?/, 'string'],
  [/^KUBE-[A-Z0-9-]+/, 'variableName'],
  [/^(?:service|endpoint|external|firewall)[-_][\w./@-]+/, 'variableName'],
  [/^(?:\d{1,3}\.){3}\d{1,3}(?:\/\d+)?/, 'number'],
  [/^(?:0x[\da-f]+|\d+(?:\.\d+)?)\b/i, 'number'],
  [/^(?:ACCEPT|DROP|REJECT|RETURN|DNAT|SNAT|MASQUERADE|MARK)\b/, 'keyword'],
  [
    /^(?:accept|drop|reject|return|dnat|masquerade|jump|goto|vmap|chain|table|map|set|add|flush)\b/,
    'keyword',
  ],
  [/^--?[A-Za-z][\w-]*/, 'propertyName'],
  [/^[A-Za-z_][\w-]*/, ''],
];

/** For the viewer, and for dumps in the editor. */
export const rulesLanguage = StreamLanguage.define<null>({
  name: 'rules',
  startState: () => null,
  token: (stream) => {
    if (stream.eatSpace()) return null;
    for (const [pattern, name] of TOKENS) if (stream.match(pattern)) return name === '' ? null : name;
    stream.next();
    return null;
  },
});
