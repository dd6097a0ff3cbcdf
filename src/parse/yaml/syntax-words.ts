const QUOTE_VALUE = 'put the value in quotes if that is part of it';
const ALIGN = 'begin all entries of one map, and all items of one list, in the same column';
const OWN_LINE = 'begin it on a line of its own below, indented further';
const ONE_IS_ENOUGH = 'remove all but one';
const CHECK_TAG = 'remove the tag: Kubernetes needs none, and knows those that begin with "!!"';

/** The parser's words, and ours: what is wrong, and how to mend it. */
const MESSAGES: readonly (readonly [theirs: RegExp, ours: string, hint: string])[] = [
  [/^Tabs are not allowed as indentation$/, 'a line is indented with a tab', 'indent with spaces'],
  [
    /^Plain value cannot start with .* character (.)$/,
    'a value without quotes cannot begin with "$1"',
    'put the value in quotes',
  ],
  [
    /^Nested mappings are not allowed.*$/,
    'a map begins behind something else on the same line',
    'put values that hold ": " or end in ":" in quotes, and look at the indentation of the next line',
  ],
  [
    /^Implicit keys (?:of flow sequence pairs )?need to be on a single line$/,
    'a key goes over several lines',
    'look for a missing ":" or "-"',
  ],
  [/^Implicit map keys need to be followed.*$/, 'a key has no value', 'look for a missing ":"'],
  [
    /^The : indicator must be at most 1024 chars.*$/,
    'a key is longer than 1024 characters',
    'look for a missing line break',
  ],
  [/^All mapping items must start.*$/, 'the keys of a map are not indented alike', ALIGN],
  [/^All sequence items must start.*$/, 'the items of a list are not indented alike', ALIGN],
  [/^Sequence item without - indicator$/, 'an item of a list has no "-"', 'begin each item with "- "'],
  [/^Unexpected block-seq-ind .*$/, 'a list cannot begin on the line of its key', OWN_LINE],
  [/^Block collection cannot start.*$/, 'a map or list cannot begin on the line of "---"', OWN_LINE],
  [/^A block sequence may not be used.*$/, 'an item of a list stands where a key should', ALIGN],
  [
    /^Block collections are not allowed within flow.*$/,
    'a map or list of the indented kind stands in brackets or braces',
    'put a "," between entries, and values that hold ": " in quotes',
  ],
  [
    /^(?:Unexpected|Missing) , (?:in|between) flow .*$/,
    'a "," is missing, or one too many',
    'put one "," between two entries',
  ],
  [/^Unexpected empty item in flow .*$/, 'there is nothing between two commas', 'remove one "," of the two'],
  [
    /^Invalid escape sequence (.*)$/,
    '"$1" is no escape that YAML has',
    'double the backslash, or use single quotes',
  ],
  [/^Missing closing .*$/, 'a quote is never closed', 'close it with the same quote'],
  [
    /^(?:Comments|Tags and anchors) must be separated.*$/,
    'a space is missing before or behind this',
    'put a space before "#", and behind a tag or anchor, or the whole value in quotes',
  ],
  [
    /^Block scalar header includes extra characters: .*$/,
    'something else stands behind the "|" or ">" of a block of text',
    'begin the text on the next line, indented further, or put the value in quotes',
  ],
  [
    /^Block scalars? (?:with|values|lines) .*$/,
    'the lines of a block of text are not indented alike',
    'indent all its lines, blank ones too, at least as far as the first',
  ],
  [/^(?:Anchor|Alias) cannot be an empty string$/, '"&" or "*" stands here without a name', QUOTE_VALUE],
  [/^An alias node must not .*$/, 'an alias has a tag or an anchor', 'remove what stands before the "*"'],
  [/^A node can have at most one anchor$/, 'a value has two anchors', ONE_IS_ENOUGH],
  [/^A node can have at most one tag$/, 'a value has two tags', ONE_IS_ENOUGH],
  [
    /^Anchors and tags must be after the (\S+) indicator$/,
    'an anchor or a tag stands before "$1"',
    'put it behind',
  ],
  [/^Verbatim tags must end .*$/, 'the tag that begins here with "!<" has no ">"', CHECK_TAG],
  [
    /^(?:Could not resolve tag: |The (?=!)|Not a valid tag: |Verbatim tags aren't resolved, so )(\S+).*$/s,
    'nothing says what the tag $1 is',
    CHECK_TAG,
  ],
  [
    /^(%\w+) directive should contain .*$/,
    'the directive $1 lacks something, or has something too many',
    'remove the line: Kubernetes needs no directives',
  ],
  [/^Missing directives-end.*$/, 'no "---" stands below a directive', 'remove the line that begins with "%"'],
  [
    /^Unexpected [\w-]+ at node end$/,
    'something stands behind the end of a value',
    `${QUOTE_VALUE}; otherwise look at the indentation, or for a missing "," or "-"`,
  ],
  [
    /^Unexpected [\w-]+(?: token)? in YAML stream: (".*")$/s,
    'unexpected $1',
    'remove it, or put the value in quotes',
  ],
];

/** For what the parser says so rarely that nobody has seen it. */
const ANY_HINT = 'look at quotes, brackets and indentation here and on the line above';

/** What the parser says is wrong, in words of manifests, and how to mend it. */
export function describeSyntax(theirs: string): readonly [message: string, hint: string] {
  const [words, ours = '', hint = ANY_HINT] = MESSAGES.find(([pattern]) => pattern.test(theirs)) ?? [];
  const lowerCase = theirs.charAt(0).toLowerCase() + theirs.slice(1);
  return [words === undefined ? lowerCase : theirs.replace(words, ours), hint];
}
