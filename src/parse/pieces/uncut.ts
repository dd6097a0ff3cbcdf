/** Thrown and caught within this folder: the file has to be read as a whole. */
export const UNCUT = new Error('to be read as a whole');
