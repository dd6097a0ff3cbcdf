import { describeScript } from '../support/kernel/describe-script.ts';

describeScript('nft');
