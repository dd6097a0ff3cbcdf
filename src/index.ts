/** The library. */
export * from './stages.ts';
