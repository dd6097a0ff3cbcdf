import { describeScript } from '../support/kernel/describe-script.ts';

describeScript('legacy');
