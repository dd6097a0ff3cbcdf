import type { MetadataRule } from '../../rule.ts';
import {
  finalizersCompatible,
  finalizerValid,
  generationNotNegative,
  managedFieldsValid,
  oneController,
  ownerReferenceValid,
} from './bookkeeping.ts';
import {
  annotationKeyValid,
  annotationsSize,
  labelKeyValid,
  labelValueValid,
} from './labels-and-annotations.ts';
import {
  generatedName,
  generateNameValid,
  hostNameLabel,
  namespaceValid,
  objectNamed,
  objectNameValid,
} from './object-name.ts';

/** Rules about the metadata of every object. */
export const metadataRules = Object.freeze([
  objectNamed,
  objectNameValid,
  generateNameValid,
  namespaceValid,
  generationNotNegative,
  labelKeyValid,
  labelValueValid,
  annotationKeyValid,
  annotationsSize,
  ownerReferenceValid,
  oneController,
  finalizerValid,
  finalizersCompatible,
  managedFieldsValid,
  generatedName,
  hostNameLabel,
]) satisfies readonly MetadataRule[];
