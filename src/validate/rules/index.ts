import type { TemplateOwner } from '../convert/workload.ts';
import type { DefaultedService } from '../defaults/service.ts';
import type * as api from '../generated/shapes.js';
import type { ClusterRule, MetadataSubject, ObjectRule } from '../rule.ts';
import { crossRules, crossServiceRules } from './cross/index.ts';

/** Rules about the metadata of every object. */
export const metadataRules: readonly ObjectRule<MetadataSubject>[] = Object.freeze([]);
export const serviceRules: readonly ObjectRule<DefaultedService>[] = Object.freeze([...crossServiceRules]);
export const endpointsRules: readonly ObjectRule<api.Endpoints>[] = Object.freeze([]);
export const endpointSliceRules: readonly ObjectRule<api.EndpointSlice>[] = Object.freeze([]);
export const podRules: readonly ObjectRule<api.Pod>[] = Object.freeze([]);
export const nodeRules: readonly ObjectRule<api.Node>[] = Object.freeze([]);
export const serviceCIDRRules: readonly ObjectRule<api.ServiceCIDR>[] = Object.freeze([]);
export const workloadRules: readonly ObjectRule<TemplateOwner>[] = Object.freeze([]);

/** Rules about several objects. */
export const clusterRules: readonly ClusterRule[] = Object.freeze([...crossRules]);
