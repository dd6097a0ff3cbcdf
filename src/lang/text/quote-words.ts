const PLAIN = /^[A-Za-z0-9_./:,@%+=!~[\]{}^#*?<>|()&;$-]+$/;

/** Words as iptables prints them: quoted where iptables-restore would read them as something else. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`)).join(' ');
}
