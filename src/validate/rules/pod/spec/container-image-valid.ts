import { containersOf } from '../../../checks/pod-containers.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** validateContainerCommon and validateContainerOnlyForPod (1.34): templates may have spaces around the image. */
export const containerImageValid = {
  code: 'container-image-valid',
  category: 'api',
  severity: 'error',
  summary: 'a container without an image, or with spaces around it',
  explanation: `Every container has an image, and in a Pod no spaces stand around it. (The API server does not check more:
whether the image exists turns out on the node.)`,
  check(pod, report) {
    for (const { container, path } of containersOf(pod)) {
      const image = container.image ?? '';
      const field = [...path, 'image'];
      if (image === '') report({ field, message: 'a container needs an image' });
      else if (!pod.isTemplate && image.trim() !== image) {
        report({ field, message: `image ${quoteValue(image)} starts or ends with white space` });
      }
    }
  },
} as const satisfies PodRule;
