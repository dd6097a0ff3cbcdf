import type { MetadataRule } from '../../rule.ts';
import { annotationKeyValid } from './annotation-key-valid.ts';
import { annotationsSize } from './annotations-size.ts';
import { finalizerValid } from './finalizer-valid.ts';
import { finalizersCompatible } from './finalizers-compatible.ts';
import { generateNameValid } from './generate-name-valid.ts';
import { generatedName } from './generated-name.ts';
import { generationNotNegative } from './generation-not-negative.ts';
import { labelKeyValid } from './label-key-valid.ts';
import { labelValueValid } from './label-value-valid.ts';
import { managedFieldsValid } from './managed-fields-valid.ts';
import { namespaceValid } from './namespace-valid.ts';
import { objectNameValid } from './object-name-valid.ts';
import { objectNamed } from './object-named.ts';
import { oneController } from './one-controller.ts';
import { ownerReferenceValid } from './owner-reference-valid.ts';

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
]) satisfies readonly MetadataRule[];
