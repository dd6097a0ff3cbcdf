import { describe, expect, it } from 'vitest';
import { indexByLabels, selectByLabels } from '../../src/kubernetes/selectors.ts';
import { pod } from '../support/cluster.ts';

const PODS = [
  pod({ name: 'a', labels: { app: 'web', tier: 'front' } }),
  pod({ name: 'b', labels: { app: 'web' } }),
  pod({ name: 'c', labels: { tier: 'front' } }),
  pod({ name: 'd', namespace: 'other', labels: { app: 'web', tier: 'front' } }),
];

function select(selector: Record<string, string>, namespace = 'default'): string[] {
  const index = indexByLabels([{ namespace, selector }], PODS, ({ labels }) => labels);
  return selectByLabels(index, { namespace, selector }).map(({ name }) => name);
}

describe('selectByLabels', () => {
  it('makes no index of labels where nothing has any', () => {
    const index = indexByLabels([{ namespace: 'default', selector: { app: 'web' } }], [], () => ({}));
    expect(index.items.size).toBe(0);
    expect(selectByLabels(index, { namespace: 'default', selector: { app: 'web' } })).toEqual([]);
  });

  it('finds pods of the namespace with every label', () => {
    expect(select({ app: 'web' })).toEqual(['a', 'b']);
    expect(select({ app: 'web', tier: 'front' })).toEqual(['a']);
    expect(select({ app: 'web', tier: 'front' }, 'other')).toEqual(['d']);
  });

  it('finds nothing for no selector, or for one that nothing matches', () => {
    expect(select({})).toEqual([]);
    expect(select({ app: 'web', tier: 'back' })).toEqual([]);
    expect(select({ constructor: 'web' })).toEqual([]);
    expect(select({ app: 'web' }, 'nowhere')).toEqual([]);
  });
});
